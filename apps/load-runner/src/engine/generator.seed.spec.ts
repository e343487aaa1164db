import { describe, expect, it } from '@jest/globals';
import { FakeEdge } from '../testing/fake-edge.js';
import { profile } from '../testing/generators.js';
import { discoverCatalogue } from '../users/catalogue.js';
import { Generator } from './generator.js';
import { parseTarget } from './run.js';

/** What one user asks for, with real journeys and think times, in a fraction of a second. */
async function play(edge: FakeEdge, seed: number): Promise<{ asked: string[]; thinkMs: number }> {
  const catalogue = await discoverCatalogue(edge.url);
  edge.seen.length = 0;
  let thinkMs = 0;
  await new Promise<void>((resolve) => {
    const wanted = profile({
      stages: [{ level: 1, rampMs: 0, holdMs: 500 }],
      thinkTime: { distribution: 'exponential', meanMs: 8 },
      journeys: { browse: 1, degrees: 1, student: 1 },
    });
    const order = {
      worker: 0,
      workers: 1,
      seed,
      target: parseTarget(edge.url),
      profile: wanted,
      catalogue,
      startAtEpochMs: Date.now(),
    };
    new Generator(order, (message) => {
      if (message.type === 'delta') thinkMs += message.delta.counters.thinkMs;
      else resolve();
    }).start();
  });
  return { asked: [...edge.seen], thinkMs };
}

describe('a seed', () => {
  it('repeats journeys and requests of a run; another seed gives another run', async () => {
    const edge = await new FakeEdge().listen();
    const [first, again, other] = [await play(edge, 7), await play(edge, 7), await play(edge, 8)];
    await edge.close();
    // The clock decides how many of them fit into the time; the order is the seed's.
    const shared = Math.min(first.asked.length, again.asked.length);
    expect(shared).toBeGreaterThan(15);
    expect(again.asked.slice(0, shared)).toEqual(first.asked.slice(0, shared));
    expect(other.asked.slice(0, 10)).not.toEqual(first.asked.slice(0, 10));
  });
});
