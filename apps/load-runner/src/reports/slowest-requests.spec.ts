import { describe, expect, it } from '@jest/globals';
import type { RunRecord, SlowRequest } from '../analysis/record.js';
import type { Tracing } from '../engine/trace-context.js';
import { runRecord } from '../testing/run-records.js';
import { slowest } from './html/sections/slowest.js';
import { markdown } from './markdown.js';

const request = (number: number, changes: Partial<SlowRequest> = {}): SlowRequest => ({
  ...{ traceId: String(number).padStart(32, '0'), sampled: true },
  ...{ endpoint: 'getCourse', method: 'GET', path: '/courses/{id}', requestPath: `/courses/${number}` },
  ...{ status: 200, outcome: 'answered', responseMs: 1500, serviceMs: 1400, second: 65, stage: 1 },
  ...changes,
});
const record = (requests: readonly SlowRequest[], trace: Partial<Tracing> = {}): RunRecord => ({
  ...runRecord({ id: 'slow', startedAt: new Date(0), milliseconds: [5] }),
  trace: { sampleShare: 0.25, ...trace },
  slowest: requests,
});
const section = (of: RunRecord): string => slowest(of)?.text ?? '';
const summary = (of: RunRecord): string => markdown({ record: of, seconds: [], system: [] });
const url = 'http://127.0.0.1:16686/trace/{traceId}?a=1&b="2"';
const [first, second] = ['1', '2'].map((digit) => digit.padStart(32, '0'));

describe('the slowest requests', () => {
  it('are a section of the report, each with its times, its outcome, its place in the run and its trace', () => {
    const text = section(record([request(1), request(2, { outcome: 'timeout', status: 0 })]));
    expect(text).toContain('GET /courses/1');
    expect(text).toContain('getCourse: /courses/{id}');
    expect(text).toContain('25.00%');
    for (const cell of ['1.5s', '1.4s', 'status 200', 'timeout', '1m05s', '2'])
      expect(text).toContain(`>${cell}</td>`);
    expect(text).toContain(`<code>${first}</code>`);
    expect(text).not.toContain('<a ');
    const plain = { endpoint: 'listCourses', path: '/courses', requestPath: '/courses' };
    expect(section(record([request(1, plain)]))).toContain('<small>listCourses</small>');
  });

  it('link to the traces that were marked as sampled, and to no others', () => {
    const text = section(record([request(1), request(2, { sampled: false })], { url }));
    expect(text.match(/<a [^>]*>/g)).toEqual([
      `<a href="http://127.0.0.1:16686/trace/${first}?a=1&amp;b=&quot;2&quot;" rel="noopener">`,
    ]);
    expect(text).toContain(`<code>${second}</code> <small>not sampled</small>`);
  });

  it('cannot break the page, nor run a script, whatever a record says', () => {
    const hostile = request(1, { traceId: '"><script>', requestPath: '/?q=<script>alert(1)</script>' });
    expect(section(record([hostile], { url }))).not.toContain('<script>');
    expect(section(record([request(1)], { url: 'javascript:alert(1)//{traceId}' }))).not.toContain('<a ');
  });

  it('are five lines of the summary at most', () => {
    const text = summary(
      record(
        [1, 2, 3, 4, 5, 6].map((number) => request(number)),
        { url: 'https://t/{traceId}' },
      ),
    );
    expect(text.match(/^\| `GET \/courses\/\d` .*$/gm)).toHaveLength(5);
    expect(text).toContain(
      `| \`GET /courses/1\` | 1.5s | status 200 | [\`${first}\`](<https://t/${first}>) |`,
    );
  });

  it('are not mentioned where there are none, as in every run without a trace context', () => {
    for (const none of [record([]), runRecord({ id: 'plain', startedAt: new Date(0), milliseconds: [5] })]) {
      expect(section(none)).toBe('');
      expect(summary(none)).not.toContain('Slowest');
    }
  });
});
