// Sessions drawn by a permutation: each once before any twice, each under its own token, and next to nothing in memory.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '../engine/actor.js';
import { play, profile } from '../testing/generators.js';
import { TruthServer } from '../testing/truth-server.js';
import { Permutation } from './permutation.js';
import { SessionCrowd } from './session-crowd.js';
import { TokenFile } from './token-file.js';

const course = {
  ...{
    id: 'an-id',
    code: 'CS101',
    department: 'CS',
    level: 'GRADUATE',
    credits: 3,
    terms: ['FALL'],
    free: true,
  },
};
const catalogue = { courses: [course], departments: [], levels: [], degrees: [] };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-runner-sessions-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Tokens of different lengths, as the edge's are. */
function tokenFile(count: number): string {
  const file = join(folder, `${count}.tokens`);
  const lines = Array.from({ length: count }, (_, index) => `token-${'x'.repeat(index % 7)}-${index}\n`);
  writeFileSync(file, lines.join(''));
  return file;
}
const tokenOf = (actor: Actor): string => /Bearer (\S+)\r\n$/.exec(actor.step().headers)?.[1] ?? '';

describe('a permutation', () => {
  it.each([1, 2, 3, 64, 1000, 4097])('puts each of %i things in one place', (count) => {
    const order = new Permutation(count, 7);
    const all = Array.from({ length: count }, (_, place) => order.at(place));
    expect(new Set(all).size).toBe(count);
    expect(Math.min(...all)).toBe(0);
    expect(Math.max(...all)).toBe(count - 1);
  });

  it('is the same for the same seed, another for another, and leaves few things where they were', () => {
    const first = (seed: number) =>
      Array.from({ length: 1000 }, (_, place) => new Permutation(1000, seed).at(place));
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
    expect(first(1).filter((value, place) => value === place).length).toBeLessThan(10);
    // Neighbours are not kept together: 333 is the mean distance of two at random.
    const places = first(1);
    const jumps = places.slice(1).map((value, index) => Math.abs(value - (places[index] ?? 0)));
    expect(jumps.reduce((sum, jump) => sum + jump, 0) / jumps.length).toBeGreaterThan(250);
  });
});

describe('a file of tokens', () => {
  it('gives each by its number, whatever the length of the others', () => {
    const tokens = TokenFile.open(tokenFile(3000), 3000);
    expect([0, 1, 8, 2999].map((index) => tokens.token(index))).toEqual([
      'token--0',
      'token-x-1',
      'token-x-8',
      'token-xxx-2999',
    ]);
    tokens.close();
  });

  it('is refused when it is absent or has too few', () => {
    expect(() => TokenFile.open(join(folder, 'absent'), 1)).toThrow('no tokens can be read (ENOENT)');
    expect(() => TokenFile.open(tokenFile(10), 11)).toThrow('has 10 tokens, and 11 are needed');
  });
});

describe('a crowd of sessions', () => {
  const tally = () => {
    const counted: string[] = [];
    return {
      ...{ counted, check: () => undefined, count: (name: string) => counted.push(name) },
      ...{ acknowledged: () => undefined, loggedOut: () => undefined },
    };
  };
  const crowd = (count: number, share = { worker: 0, workers: 1 }, counter = tally()) =>
    new SessionCrowd(
      { count, seed: 3, tokens: TokenFile.open(tokenFile(count), count) },
      share,
      catalogue,
      counter,
    );

  it('uses every session once before any twice, over all workers together', () => {
    const seen: string[] = [];
    const counter = tally();
    for (const worker of [0, 1, 2]) {
      const mine = crowd(100, { worker, workers: 3 }, counter);
      const share = worker === 0 ? 34 : 33;
      for (let index = 0; index < share; index++) {
        const actor = mine.next();
        seen.push(tokenOf(actor));
        mine.giveBack(actor);
      }
      const again = mine.next();
      expect(seen).toContain(tokenOf(again));
    }
    expect(new Set(seen).size).toBe(100);
    expect(counter.counted.filter((name) => name === 'sessionsUsed')).toHaveLength(100);
  });

  it('passes a session over while it waits for an answer, and goes on with the next step of it afterwards', () => {
    const sessions = crowd(2);
    const [first, second] = [sessions.next(), sessions.next()];
    const [token, path] = [tokenOf(first), first.step().path];
    expect(tokenOf(second)).not.toBe(token);
    sessions.giveBack(first);
    const next = sessions.next();
    expect(tokenOf(next)).toBe(token);
    expect(next.step().path).not.toBe(path);
  });

  it('adds less than 64 MB for a million sessions', () => {
    const count = 1_000_000;
    const file = tokenFile(count);
    const before = process.memoryUsage().arrayBuffers;
    const tokens = TokenFile.open(file, count);
    const sessions = new SessionCrowd(
      { count, seed: 3, tokens },
      { worker: 0, workers: 1 },
      catalogue,
      tally(),
    );
    expect(tokenOf(sessions.next())).toMatch(/^token-x*-\d+$/);
    // What is held for each session: four bytes of offset and one of state, in typed arrays.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8e6);
  });

  it('plays arrivals of the open model, each under the token of its own session', async () => {
    const bearers = new Map<string, number>();
    const server = await new TruthServer(({ headers }, answer) => {
      const token = /Bearer (\S+)/.exec(headers)?.[1] ?? 'none';
      bearers.set(token, (bearers.get(token) ?? 0) + 1);
      answer('{"authenticated":true}');
    }).listen();
    const wanted = profile({
      ...{ model: 'open', stages: [{ level: 200, rampMs: 0, holdMs: 1000 }] },
      sessions: { count: 50, order: 'permuted', tokens: tokenFile(50) },
    });
    const { total } = await play(server.url, wanted, { workers: 2, catalogue }).done;
    await server.kill();
    expect(total.sum('requests')).toBe(200);
    expect(total.counters.sessionsUsed).toBe(50);
    expect(bearers.size).toBe(50);
    expect(total.checks).toEqual([{ name: 'the session is live', passes: expect.any(Number), fails: 0 }]);
    expect(total.byEndpoint).toHaveLength(8);
  });
});
