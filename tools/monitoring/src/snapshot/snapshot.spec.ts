/** What a snapshot says where there is nothing to draw, and of which time it is. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Dashboard, Panel } from '../dashboards/dashboard.js';
import { snapshotPage } from './page.js';
import { readPanel } from './panel-data.js';
import { readStretch } from './stretch.js';
import { takeSnapshot, windowOf } from './take-snapshot.js';

const panel = (...exprs: readonly string[]): Panel => ({
  title: 'Panel',
  description: 'A panel.',
  unit: 'count',
  queries: exprs.map((expr) => ({ expr, legend: '{{name}}' })),
});
const dashboard: Dashboard = { uid: 'x', title: 'X', description: 'X.', rows: [], scrapeSeconds: 1 };
const window = { fromSeconds: 100, toSeconds: 102, stepSeconds: 1 };

type Values = readonly (readonly [number, string])[];

describe('a snapshot', () => {
  let prometheus: Server;
  let prometheusUrl: string;
  let answer: (expr: string) => { status: number; body: unknown };

  beforeEach(async () => {
    prometheus = createServer((request, response) => {
      void text(request).then((body) => {
        const { status, body: told } = answer(new URLSearchParams(body).get('query') ?? '');
        response.writeHead(status).end(typeof told === 'string' ? told : JSON.stringify(told));
      });
    }).listen(0, '127.0.0.1');
    await once(prometheus, 'listening');
    prometheusUrl = `http://127.0.0.1:${(prometheus.address() as AddressInfo).port}`;
  });
  afterEach(() => void prometheus.close());

  const found = (...all: readonly { name: string; values: Values }[]) => ({
    status: 200,
    body: {
      status: 'success',
      data: { result: all.map(({ name, values }) => ({ metric: { name }, values })) },
    },
  });
  const read = (...exprs: readonly string[]) =>
    readPanel({ prometheusUrl, dashboard, window }, panel(...exprs));

  it('puts values where they belong in time, and leaves gaps', async () => {
    answer = () =>
      found(
        {
          name: 'a',
          values: [
            [100, '1'],
            [102, '+Inf'],
          ],
        },
        { name: 'b', values: [[101, '2']] },
      );
    expect((await read('up')).lines).toEqual([
      { label: 'a', values: [1, null, null] },
      { label: 'b', values: [null, 2, null] },
    ]);
  });

  it('takes a line of nothing but NaN for none', async () => {
    answer = () => found({ name: 'a', values: [[100, 'NaN']] });
    expect(await read('up')).toMatchObject({ lines: [], linesByQuery: [0], failures: [] });
  });

  it('tells what Prometheus has against a query, and shows the others', async () => {
    answer = (expr) =>
      expr === 'up('
        ? { status: 400, body: { status: 'error', error: 'unexpected end of input' } }
        : found({ name: 'a', values: [[100, '1']] });
    const { lines, linesByQuery, failures } = await read('up', 'up(');
    expect([lines.length, linesByQuery, failures]).toEqual([1, [1, 0], ['unexpected end of input']]);
  });

  it('tells when something else answers, or nothing', async () => {
    answer = () => ({ status: 404, body: '<h1>Not here</h1>' });
    expect((await read('up')).failures).toEqual(['404 <h1>Not here</h1>']);
    prometheus.close();
    prometheus.closeAllConnections();
    expect((await read('up')).failures).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  it('has every dashboard, one for each service, and marks stretches of time', async () => {
    answer = (expr) =>
      expr.startsWith('(lr_stage ')
        ? found({
            name: 'a',
            values: [
              [100, '1'],
              [101, '1'],
              [104, '1'],
            ],
          })
        : found();
    const { sections } = await takeSnapshot({ prometheusUrl, fromSeconds: 100, toSeconds: 110 });
    expect(sections.map(({ title }) => title)).toEqual([
      'Overview',
      ...['edge-gateway', 'course-service', 'degree-service', 'student-service'].map(
        (name) => `Service: ${name}`,
      ),
      ...['Edge and cache', 'Database', 'Redis', 'Load run', '1M capacity'],
    ]);
    expect(sections.find(({ title }) => title === 'Load run')?.marks).toEqual([
      { fromSeconds: 100, toSeconds: 101, text: 'stage : ' },
      { fromSeconds: 104, toSeconds: 104, text: 'stage : ' },
    ]);
    const titles = sections[1]?.rows.map(({ title }) => title);
    expect(titles).not.toContain('Database pool and outbox');
  });

  it('cannot be broken by what stands in a label', async () => {
    answer = () => found({ name: '</script><script>alert(1)</script>', values: [[100, '1']] });
    const page = snapshotPage(
      await takeSnapshot({ prometheusUrl, fromSeconds: 100, toSeconds: 110 }),
      'docs',
    );
    expect(page).not.toContain('<script>alert');
    expect(page).not.toMatch(/(?:src|href)="https?:/);
  });

  it('has as few steps as a panel can show, on round times', () => {
    expect(windowOf({ prometheusUrl, fromSeconds: 1003, toSeconds: 1303 }, 5)).toEqual({
      ...{ fromSeconds: 1000, toSeconds: 1300, stepSeconds: 5 },
    });
    expect(windowOf({ prometheusUrl, fromSeconds: 0, toSeconds: 86_400 }, 5).stepSeconds).toBe(288);
  });
});

describe('the time of a snapshot', () => {
  const now = 1_000_000;

  it('is the last five minutes, or so many as are asked for', () => {
    expect(readStretch({}, now)).toEqual({ fromSeconds: now - 300, toSeconds: now });
    expect(readStretch({ last: '2h' }, now).fromSeconds).toBe(now - 7200);
  });

  it('is what is said', () => {
    expect(readStretch({ from: '1970-01-12T00:00:00Z', to: '5m' }, now)).toEqual({
      ...{ fromSeconds: 11 * 86_400, toSeconds: now - 300 },
    });
  });

  it.each([
    [{ last: '5 minutes' }, '--last must be a time like 90s, 5m, 2h or 1d, not "5 minutes"'],
    [{ last: '0s' }, '--last must be'],
    [{ from: 'yesterday' }, '--from must be a time like 2026-03-01T10:00:00Z or 15m, not "yesterday"'],
    [{ from: '1m', to: '5m' }, 'ends before it begins'],
    [{ from: '5m', last: '5m' }, 'exclude each other'],
  ])('is refused as %j', (options, complaint) => {
    expect(() => readStretch(options, now)).toThrow(complaint);
  });
});
