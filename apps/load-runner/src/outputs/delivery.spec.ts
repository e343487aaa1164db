// Delivery to a system that is away, slow, or refuses: what arrives, in which order, and what is kept meanwhile.

import { describe, expect, it } from '@jest/globals';
import { Delivery, RefusedError } from './delivery.js';

interface Setup {
  readonly send: (seconds: readonly number[], signal: AbortSignal) => Promise<void>;
  readonly maxKept?: number;
}

function deliver({ send, maxKept }: Setup) {
  const said: string[] = [];
  const delivery = new Delivery<number>({
    ...{
      kind: 'influxdb',
      target: 'http://influxdb',
      say: (line) => said.push(line),
      send,
      firstBackoffMs: 1,
    },
    ...(maxKept !== undefined && { maxKept }),
  });
  return { delivery, said };
}

describe('delivery', () => {
  it('sends everything in order, and what piled up in one request', async () => {
    const requests: number[][] = [];
    const { delivery, said } = deliver({ send: async (seconds) => void requests.push([...seconds]) });
    for (const second of [1, 2, 3]) delivery.push(second);
    expect(await delivery.finish()).toMatchObject({ delivered: 3, dropped: 0, trouble: null });
    expect(requests).toEqual([[1], [2, 3]]);
    expect(said).toEqual([]);
  });

  it('tries again until the other side is back, tells of it once, and loses nothing', async () => {
    let attempts = 0;
    const taken: number[] = [];
    const { delivery, said } = deliver({
      send: async (seconds) => {
        if (attempts++ < 3) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
        taken.push(...seconds);
      },
    });
    delivery.push(1);
    delivery.push(2);
    expect(await delivery.finish()).toMatchObject({
      delivered: 2,
      dropped: 0,
      trouble: 'fetch failed: connect ECONNREFUSED',
    });
    expect(taken).toEqual([1, 2]);
    expect(said).toHaveLength(1);
  });

  it('gives up what is refused, and goes on with the next', async () => {
    const taken: number[] = [];
    const { delivery } = deliver({
      send: async (seconds) => {
        if (seconds.includes(1)) throw new RefusedError('400 bad point');
        taken.push(...seconds);
      },
    });
    delivery.push(1);
    delivery.push(2);
    expect(await delivery.finish()).toMatchObject({ delivered: 1, dropped: 1, trouble: '400 bad point' });
    expect(taken).toEqual([2]);
  });

  it('keeps no more than it may: the oldest go', async () => {
    let open = (): void => undefined;
    const blocked = new Promise<void>((resolve) => (open = resolve));
    const taken: number[] = [];
    const { delivery } = deliver({
      maxKept: 3,
      send: async (seconds) => {
        await blocked;
        taken.push(...seconds);
      },
    });
    for (let second = 1; second <= 10; second++) delivery.push(second);
    open();
    expect(await delivery.finish()).toMatchObject({ delivered: 3, dropped: 7 });
    expect(taken.slice(-3)).toEqual([8, 9, 10]);
  });
});
