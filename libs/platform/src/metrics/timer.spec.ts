import { describe, expect, it } from '@jest/globals';
import { hasSucceeded } from './http-outcome.js';
import { Timer } from './timer.js';

const answer = (uri: string, status: number, outcome: string) => ({ uri, status: String(status), outcome });

const linesOf = async (timer: Timer): Promise<Record<string, number>> => {
  const { values } = await timer.get();
  return Object.fromEntries(
    values.map(({ metricName, labels, value }) => [
      [metricName, ...Object.values(labels).map(String)].join(' '),
      value,
    ]),
  );
};

describe('a timer', () => {
  it('adds up what took no longer than each bound', async () => {
    const timer = new Timer('t', 'help');
    for (const seconds of [0.0004, 0.005, 0.0051, 20]) timer.for({}).record(seconds);
    const lines = await linesOf(timer);
    expect([lines['t_bucket 0.0005'], lines['t_bucket 0.005'], lines['t_bucket 0.01']]).toEqual([1, 2, 3]);
    expect([lines['t_bucket 10'], lines['t_bucket +Inf'], lines['t_count']]).toEqual([3, 4, 4]);
    expect(lines['t_sum']).toBeCloseTo(20.0105, 9);
  });

  it('has, of each bucket, the last one whose trace somebody can look at', async () => {
    const timer = new Timer('t', 'help');
    expect(timer.hasExemplars).toBe(false);
    for (const [seconds, traceId] of [
      [0.3, 'a'],
      [0.4, 'b'],
      [0.4, undefined],
      [3, 'c'],
    ] as const)
      timer.for({}).record(seconds, traceId);
    expect(timer.hasExemplars).toBe(true);
    const { values } = await timer.get();
    const shown = values.filter(({ exemplar }) => exemplar);
    expect(shown.map(({ labels, exemplar }) => [labels['le'], exemplar?.labelSet, exemplar?.value])).toEqual([
      [0.5, { trace_id: 'b' }, 0.4],
      [5, { trace_id: 'c' }, 3],
    ]);
  });

  it('shows refusals by their number and time alone', async () => {
    const timer = new Timer('t', 'help', { hasBuckets: hasSucceeded });
    timer.for(answer('/a', 200, 'SUCCESS')).record(0.1);
    timer.for(answer('/a', 503, 'SERVER_ERROR')).record(2);
    const lines = await linesOf(timer);
    expect(Object.keys(lines).filter((line) => line.includes('503'))).toEqual([
      't_sum /a 503 SERVER_ERROR',
      't_count /a 503 SERVER_ERROR',
    ]);
    expect(lines['t_bucket /a 200 SUCCESS +Inf']).toBe(1);
  });

  it('counts together what comes when its room is used up, so that the totals stay true', async () => {
    const mostSamples = 40;
    const timer = new Timer('t', 'help', { mostSamples, hasBuckets: hasSucceeded });
    for (let made = 0; made < 1000; made++) timer.for(answer(`/${made}`, 404, 'CLIENT_ERROR')).record(1);
    timer.for(answer('/late', 200, 'SUCCESS')).record(1);
    timer.for(answer('/later', 200, 'SUCCESS')).record(1);
    const lines = await linesOf(timer);
    expect(lines['t_count OTHER OTHER CLIENT_ERROR']).toBe(1000 - mostSamples / 2);
    expect(lines['t_count OTHER OTHER SUCCESS']).toBe(2);
    expect(Object.keys(lines).length).toBeLessThan(mostSamples + 30);
    expect(timer.all().reduce((sum, { count }) => sum + count, 0)).toBe(1002);
  });

  it('keeps the series it had when its room is used up', () => {
    const timer = new Timer('t', 'help', { mostSamples: 17 });
    const first = timer.for({ uri: '/a' });
    expect(timer.for({ uri: '/b' })).toBe(timer.for({ uri: '/c' }));
    expect(timer.for({ uri: '/a' })).toBe(first);
  });
});
