import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Turnstile } from './turnstile.js';

const turnstile = (atOnce: number, waiting: number) =>
  new Turnstile({ atOnce, waiting }, () => new Error('full'));

/** Work that says when it starts and ends when told to. */
function controlled() {
  const started: number[] = [];
  const end: (() => void)[] = [];
  const work = (n: number) => () =>
    new Promise<number>((resolve) => {
      started.push(n);
      end[n] = () => resolve(n);
    });
  return { started, end, work };
}

describe('Turnstile', () => {
  it('lets only so many through at once, the others in order', async () => {
    const gate = turnstile(2, 10);
    const { started, end, work } = controlled();
    const all = Promise.all([0, 1, 2, 3].map((n) => gate.pass(work(n))));
    await turn();
    expect(started).toEqual([0, 1]);
    expect(gate.waiting).toBe(2);
    end[1]?.();
    await turn();
    expect(started).toEqual([0, 1, 2]);
    end[0]?.();
    await turn();
    end[2]?.();
    end[3]?.();
    expect(await all).toEqual([0, 1, 2, 3]);
    expect(gate.waiting).toBe(0);
  });

  it('turns away who finds the queue full', async () => {
    const gate = turnstile(1, 1);
    const { end, work } = controlled();
    const first = gate.pass(work(0));
    const second = gate.pass(work(1));
    await expect(gate.pass(work(2))).rejects.toThrow('full');
    end[0]?.();
    await first;
    await turn();
    end[1]?.();
    expect(await second).toBe(1);
  });

  it('goes on after work that failed', async () => {
    const gate = turnstile(1, 1);
    await expect(gate.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await gate.pass(() => Promise.resolve('fine'))).toBe('fine');
  });
});
