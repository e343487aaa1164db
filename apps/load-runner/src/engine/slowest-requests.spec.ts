import { describe, expect, it } from '@jest/globals';
import { SlowestRequests, type SlowExchange } from './slowest-requests.js';

const request = (responseMs: number, traceId = `${responseMs}`): SlowExchange => ({
  ...{ traceId, sampled: true, endpoint: 0, path: '/courses', status: 200, outcome: 'answered' },
  ...{ responseMs, serviceMs: responseMs, wantedAtEpochMs: 0 },
});
/** 1 to `count`, each once, in an order that is neither up nor down. */
const mixed = (count: number) => Array.from({ length: count }, (_, index) => ((index * 37) % count) + 1);

describe('SlowestRequests', () => {
  it('keeps the twenty slowest, slowest first, whatever their order', () => {
    const slowest = new SlowestRequests();
    for (const ms of mixed(100)) slowest.add(request(ms));
    expect(slowest.all.map(({ responseMs }) => responseMs)).toEqual(
      Array.from({ length: 20 }, (_, index) => 100 - index),
    );
    expect([slowest.admits(80), slowest.admits(81)]).toEqual([false, true]);
  });

  it('does not depend on who reported first among the equally slow', () => {
    const [one, other] = [new SlowestRequests(), new SlowestRequests()];
    const ids = mixed(30).map((id) => String(id).padStart(2, '0'));
    for (const id of ids) one.add(request(5, id));
    for (const id of ids.toReversed()) other.add(request(5, id));
    expect(one.all).toEqual(other.all);
    expect(one.all.length).toBe(20);
  });

  it('starts anew when it was drained', () => {
    const slowest = new SlowestRequests();
    for (const ms of mixed(50)) slowest.add(request(ms));
    expect(slowest.drain().length).toBe(20);
    slowest.add(request(1));
    expect(slowest.drain()).toEqual([request(1)]);
    expect(slowest.all).toEqual([]);
  });
});
