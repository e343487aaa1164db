import { describe, expect, it } from '@jest/globals';
import { ConcurrencyLimit } from './concurrency-limit.js';

const options = { targetMs: 150, min: 20, max: 2000 };
const WINDOW_MS = 100;

interface Load {
  readonly perSecond: number;
  readonly seconds: number;
}

/** A server that answers one request after the other, so many a second, in virtual time. */
class SimulatedServer {
  readonly limit = new ConcurrencyLimit(options);
  private nowMs = 0;
  private freeAtMs = 0;
  private readonly underWay: { begunAtMs: number; doneAtMs: number }[] = [];

  constructor(private readonly capacityPerSecond: number) {}

  /** Nothing is answered for so long, as in a garbage collection. */
  stall(ms: number): void {
    this.freeAtMs = Math.max(this.freeAtMs, this.nowMs) + ms;
  }

  offer({ perSecond, seconds }: Load): { answered: number; refused: number; slowestMs: number } {
    const counts = { answered: 0, refused: 0, slowestMs: 0 };
    const untilMs = this.nowMs + seconds * 1000;
    for (let due = 0; this.nowMs < untilMs; this.nowMs++) {
      this.finish(counts);
      for (due += perSecond / 1000; due >= 1; due--) this.arrive(counts);
      if (this.nowMs % WINDOW_MS === 0) this.limit.decide(this.nowMs);
    }
    return counts;
  }

  private arrive(counts: { refused: number }): void {
    if (!this.limit.hasRoom(1)) return void counts.refused++;
    this.limit.begin();
    this.freeAtMs = Math.max(this.freeAtMs, this.nowMs) + 1000 / this.capacityPerSecond;
    this.underWay.push({ begunAtMs: this.nowMs, doneAtMs: this.freeAtMs });
  }

  private finish(counts: { answered: number; slowestMs: number }): void {
    while (this.underWay[0] && this.underWay[0].doneAtMs <= this.nowMs) {
      const { begunAtMs } = this.underWay.shift() as { begunAtMs: number };
      const tookMs = this.nowMs - begunAtMs;
      this.limit.end();
      this.limit.learn(begunAtMs, tookMs);
      counts.answered++;
      counts.slowestMs = Math.max(counts.slowestMs, tookMs);
    }
  }
}

describe('the limit of requests under way', () => {
  it('refuses nobody while answers are quick', () => {
    const server = new SimulatedServer(1000);
    expect(server.offer({ perSecond: 900, seconds: 10 })).toMatchObject({ answered: 8999, refused: 0 });
  });

  it.each([2, 3, 10])(
    'keeps answers quick and all of the capacity in use at %d times what is possible',
    (times) => {
      const server = new SimulatedServer(1000);
      server.offer({ perSecond: 1000 * times, seconds: 3 });
      const { answered, slowestMs } = server.offer({ perSecond: 1000 * times, seconds: 20 });
      expect(answered).toBeGreaterThan(20_000 * 0.98);
      expect(slowestMs).toBeLessThan(2 * options.targetMs);
    },
  );

  it('is tight within two seconds of a rush', () => {
    const server = new SimulatedServer(1000);
    server.offer({ perSecond: 500, seconds: 5 });
    server.offer({ perSecond: 3000, seconds: 2 });
    expect(server.limit.inFlight).toBeLessThan(300);
  });

  it('opens again once the rush is over', () => {
    const server = new SimulatedServer(1000);
    server.offer({ perSecond: 3000, seconds: 10 });
    expect(server.limit.limit).toBeLessThan(options.max);
    server.offer({ perSecond: 500, seconds: 3 });
    expect(server.limit.limit).toBe(options.max);
  });

  it('does not take a hiccup for overload', () => {
    const server = new SimulatedServer(1000);
    server.offer({ perSecond: 700, seconds: 1 });
    server.stall(200);
    expect(server.offer({ perSecond: 700, seconds: 3 }).refused).toBe(0);
  });

  it('finds the new limit when the server becomes slower', () => {
    const slower = new SimulatedServer(200);
    slower.offer({ perSecond: 1000, seconds: 10 });
    const { answered, slowestMs } = slower.offer({ perSecond: 1000, seconds: 10 });
    expect(answered).toBeGreaterThan(2000 * 0.95);
    expect(slowestMs).toBeLessThan(2.5 * options.targetMs);
  });

  it('is not closed by some slow answers among many quick ones', () => {
    const limit = new ConcurrencyLimit(options);
    for (let nowMs = 0; nowMs < 10_000; nowMs += WINDOW_MS) {
      for (let request = 0; request < 60; request++) limit.learn(nowMs, request < 20 ? 5000 : 10);
      limit.decide(nowMs);
    }
    expect(limit.limit).toBe(options.max);
  });

  it('leaves room for those who may use all of it', () => {
    const limit = new ConcurrencyLimit({ ...options, max: 20 });
    const admit = (share: number): number => {
      let admitted = 0;
      for (; limit.hasRoom(share); admitted++) limit.begin();
      return admitted;
    };
    expect([admit(0.75), admit(1)]).toEqual([15, 5]);
  });
});
