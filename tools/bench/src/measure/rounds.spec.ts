import { describe, expect, it } from '@jest/globals';
import { measureRounds, ratioOf, valuesOf, type Round } from './rounds.js';

const signal = new AbortController().signal;

const round = (a: number, b: number): Round => ({
  order: ['a', 'b'],
  samples: { a: { cpuUs: a }, b: { cpuUs: b } },
});

describe('ratioOf', () => {
  it('takes the pairs of the same round, so a phase in which all are slow changes nothing', () => {
    const rounds = [round(20, 10), round(200, 100), round(2, 1)];
    expect(ratioOf(rounds, 'cpuUs', 'a', 'b')).toEqual({ median: 2, min: 2, max: 2 });
  });

  it('tells the lowest and the highest round', () => {
    expect(ratioOf([round(1, 1), round(3, 2), round(2, 1)], 'cpuUs', 'a', 'b')).toEqual({
      median: 1.5,
      min: 1,
      max: 2,
    });
  });

  it('leaves a round out that lacks one of the two', () => {
    const rounds = [round(4, 2), { order: ['a'], samples: { a: { cpuUs: 9 } } }];
    expect(ratioOf(rounds, 'cpuUs', 'a', 'b').max).toBe(2);
    expect(valuesOf(rounds, 'a', 'cpuUs')).toEqual([4, 9]);
  });
});

describe('measureRounds', () => {
  const counting = () => {
    const measured: string[] = [];
    const contestants = ['a', 'b', 'c', 'd'].map((name) => ({
      name,
      measure: async () => ({ turn: measured.push(name) }),
    }));
    return { measured, contestants };
  };

  it('measures everyone once a round and throws the first round away', async () => {
    const { measured, contestants } = counting();
    const rounds = await measureRounds(contestants, { rounds: 3, seed: 1, signal });
    expect(measured).toHaveLength(16);
    expect(rounds).toHaveLength(3);
    for (const { order } of rounds) expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(
      Math.min(...rounds.flatMap(({ samples }) => Object.values(samples).map(({ turn }) => turn!))),
    ).toBe(5);
  });

  it('changes the order from round to round, and repeats it for the same seed', async () => {
    const orders = async (seed: number) =>
      (await measureRounds(counting().contestants, { rounds: 5, seed, signal })).map(({ order }) =>
        order.join(),
      );
    expect(new Set(await orders(7)).size).toBeGreaterThan(1);
    expect(await orders(7)).toEqual(await orders(7));
    expect(await orders(7)).not.toEqual(await orders(8));
  });

  it('stops before the next measurement when it is told to', async () => {
    const { measured, contestants } = counting();
    const stop = new AbortController();
    const rounds = measureRounds(contestants, {
      rounds: 3,
      seed: 1,
      signal: stop.signal,
      onProgress: () => measured.length === 2 && stop.abort(new Error('enough')),
    });
    await expect(rounds).rejects.toThrow('enough');
    expect(measured).toHaveLength(3);
  });
});
