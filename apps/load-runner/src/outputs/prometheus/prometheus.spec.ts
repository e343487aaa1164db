// The series of a run and their text, read as strictly as Prometheus reads it.

import { describe, expect, it } from '@jest/globals';
import { noCounters, type Delta } from '../../engine/delta.js';
import { Exchange } from '../../engine/exchange.js';
import { Recorder } from '../../engine/recorder.js';
import { Timeline } from '../../engine/timeline.js';
import { profile } from '../../testing/generators.js';
import { step } from '../../testing/settled.js';
import { asLabels, exposition } from './exposition.js';
import { bucketBounds, RunSeries } from './series.js';

/** A second in which so many answers of the list of courses took so many milliseconds, each with its status. */
function second(
  recorder: Recorder,
  number: number,
  answers: readonly (readonly [ms: number, status: number])[],
): Delta {
  for (const [ms, status] of answers) {
    const exchange = new Exchange();
    exchange.begin(step(), 0);
    exchange.receiveHead(status, []);
    exchange.end('answered', ms);
    recorder.settled(exchange);
  }
  const health = { loopDelayP99Ms: 2, loopDelayMaxMs: 3, loopUtilization: 0.25, cpu: 0.5 };
  const drained = {
    ...recorder.drain(),
    counters: { ...noCounters(), iterations: 1, offered: 40, dropped: 3 },
  };
  return { ...drained, worker: 0, second: number, users: 7, inFlight: 1, queued: 0, health };
}

function seriesOf(...seconds: (readonly (readonly [number, number])[])[]): RunSeries {
  const series = new RunSeries();
  const recorder = new Recorder(1000, 1);
  const timeline = new Timeline(profile(), 1, (figures) => {
    const stages = [
      { number: 1, level: 7, active: figures.second === 0 },
      { number: 2, level: 9, active: figures.second > 0 },
    ];
    series.add({ figures, deltas: timeline.latest, epochMs: 0, stages });
  });
  for (const [index, answers] of seconds.entries()) timeline.add(second(recorder, index, answers));
  return series;
}

const sampleLine =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\n|\\")*",?)*)\} (-?[\d.e+-]+|NaN|\+Inf)$/;

/** Values by `name{labels}`; throws on a line that is no sample and no comment of the format. */
function parse(text: string): Map<string, number> {
  expect(text.endsWith('\n')).toBe(true);
  const values = new Map<string, number>();
  for (const line of text.trimEnd().split('\n')) {
    if (/^# (HELP [a-z0-9_]+ .+|TYPE [a-z0-9_]+ (counter|gauge|histogram))$/.test(line)) continue;
    const match = sampleLine.exec(line);
    if (!match) throw new Error(`not a sample: ${line}`);
    const key = `${match[1]}{${match[2]}}`;
    if (values.has(key)) throw new Error(`twice: ${key}`);
    values.set(key, Number(match[3]));
  }
  return values;
}

const list = 'name="listCourses",method="GET"';

describe('the Prometheus series of a run', () => {
  it('are a histogram that only grows, split by whether the answer was expected', () => {
    const series = seriesOf(
      [
        [4, 200],
        [40, 200],
        [400, 500],
      ],
      [[90_000, 200]],
    );
    const values = parse(exposition(series.families(), {}));
    const name = 'lr_http_request_duration_seconds';
    const bucket = (expected: boolean, le: string) =>
      values.get(`${name}_bucket{${list},expected="${expected}",le="${le}"}`);
    expect(['0.0025', '0.005', '0.025', '0.05', '60', '+Inf'].map((le) => bucket(true, le))).toEqual([
      0, 1, 1, 2, 2, 3,
    ]);
    expect([bucket(false, '0.25'), bucket(false, '0.5')]).toEqual([0, 1]);
    expect(values.get(`${name}_count{${list},expected="true"}`)).toBe(3);
    expect(values.get(`${name}_sum{${list},expected="true"}`)).toBeCloseTo(90.044, 3);
    const ofExpected = [...values].filter(
      ([key]) => key.startsWith(`${name}_bucket`) && key.includes('"true"'),
    );
    expect(ofExpected).toHaveLength(bucketBounds.length + 1);
    const heights = ofExpected.map(([, value]) => value);
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
  });

  it('count requests and failures, and have k6’s names for dashboards that know those', () => {
    const series = seriesOf(
      [[4, 200]],
      [
        [10, 200],
        [20, 503],
      ],
    );
    const values = parse(exposition(series.families(), {}));
    const at = (name: string, labels = list) => values.get(`${name}{${labels}}`);
    expect(at('lr_http_requests_total')).toBe(3);
    expect(at('lr_http_requests_failed_total')).toBe(1);
    expect(at('k6_http_reqs_total')).toBe(3);
    expect(at('k6_http_req_failed_rate')).toBe(0.5);
    expect(at('k6_http_req_duration_p95')).toBeCloseTo(0.02, 3);
    expect([at('lr_users', ''), at('k6_vus', ''), at('k6_iterations_total', '')]).toEqual([7, 7, 2]);
    expect([at('lr_offered_per_second', ''), at('lr_dropped_total', '')]).toEqual([40, 6]);
    expect([at('lr_generator_loop_delay_p99_seconds', ''), at('lr_generator_cpu_cores', '')]).toEqual([
      0.002, 0.5,
    ]);
  });

  it('tell response times beside service times, and which stage goes on', () => {
    const values = parse(exposition(seriesOf([[4, 200]], [[4, 200]]).families(), {}));
    expect(values.get(`lr_http_response_duration_seconds_count{${list},expected="true"}`)).toBe(2);
    expect(['stage="1",level="7"', 'stage="2",level="9"'].map((of) => values.get(`lr_stage{${of}}`))).toEqual(
      [0, 1],
    );
  });

  it('carry the run’s tags, whatever is in them, under names that are allowed', () => {
    const tags = asLabels({ 'build.no-1': 'a "quoted"\\path\nü' });
    const values = parse(exposition(seriesOf([[1, 200]]).families(), tags));
    expect(values.get('lr_users{build_no_1="a \\"quoted\\"\\\\path\\nü"}')).toBe(7);
  });

  it('keep their own name, whatever a tag is called', () => {
    expect(asLabels({ __name__: 'x', _own: 'y' })).toEqual({ _name__: 'x', _own: 'y' });
  });

  it('are none before the first second', () => {
    expect(new RunSeries().families()).toEqual([]);
  });
});
