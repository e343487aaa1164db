// What a seed decides: every user's journeys and requests, in both models, whoever plays them and however fast.

import { describe, expect, it } from '@jest/globals';
import { FakeEdge } from '../testing/fake-edge.js';
import { profile } from '../testing/generators.js';
import type { Profile } from '../profiles/schema.js';
import { discoverCatalogue } from '../users/catalogue.js';
import type { Journey } from '../users/step.js';
import { Generator } from './generator.js';
import { parseTarget } from './run.js';

const journeys = { browse: 1, degrees: 1, student: 1 };
/** So many that no two users are the same student: their plans would meet. */
const students = 1_000_000;
const thinkTime = { distribution: 'exponential', meanMs: 8 } as const;

const closed = profile({
  stages: [{ level: 6, rampMs: 0, holdMs: 600 }],
  ...{ journeys, students, thinkTime },
});
/** More than six connections can serve in 30 ms each, so each has a user who is always busy. */
const open = profile({
  model: 'open',
  arrivals: 'poisson',
  stages: [{ level: 300, rampMs: 0, holdMs: 900 }],
  ...{ maxInFlight: 6, journeys, students },
});

interface Player {
  readonly seed: number;
  readonly workers: number;
}

describe('a seed', () => {
  /** What each user asked for, journey by journey, of a system in which nobody has saved a plan before. */
  async function play(wanted: Profile, { seed, workers }: Player): Promise<Map<number, string[][]>> {
    const edge = await new FakeEdge().listen();
    edge.delayMs = 30;
    const catalogue = await discoverCatalogue(edge.url);
    const asked = new Map<number, string[][]>();
    const script = (id: number, seeded: () => Journey) => (): Journey => {
      const own = asked.get(id) ?? [];
      const journey: string[] = [];
      asked.set(id, own);
      own.push(journey);
      return overheard(seeded(), journey);
    };
    const target = parseTarget(edge.url);
    const startAtEpochMs = Date.now();
    const playOne = (worker: number) =>
      new Promise<void>((resolve) => {
        const order = { worker, workers, seed, target, profile: wanted, catalogue, startAtEpochMs };
        const post = ({ type }: { type: string }) => void (type === 'done' && resolve());
        new Generator(order, post, script).start();
      });
    await Promise.all(Array.from({ length: workers }, (_, worker) => playOne(worker)));
    await edge.close();
    return asked;
  }

  it.concurrent.each([
    ['closed', closed],
    ['open', open],
  ])(
    'repeats the journeys of every user of the %s model, for one worker and for three',
    async (_model, wanted) => {
      const [first, again, dealt, other] = await Promise.all([
        play(wanted, { seed: 7, workers: 1 }),
        play(wanted, { seed: 7, workers: 1 }),
        play(wanted, { seed: 7, workers: 3 }),
        play(wanted, { seed: 8, workers: 1 }),
      ]);
      const users = [...first.keys()].sort();
      expect(users).toEqual([0, 1, 2, 3, 4, 5]);
      for (const repeated of [again, dealt]) {
        expect([...repeated.keys()].sort()).toEqual(users);
        for (const user of users) {
          // The clock decides how many of them fit into the time; what they are is the seed's.
          const [mine, same] = [whole(first.get(user)), whole(repeated.get(user))];
          const shared = Math.min(mine.length, same.length);
          expect(shared).toBeGreaterThan(0);
          expect(same.slice(0, shared)).toEqual(mine.slice(0, shared));
        }
      }
      const firstOf = (all: Map<number, string[][]>, user: number) => whole(all.get(user))[0];
      for (const user of users) expect(firstOf(other, user)).not.toEqual(firstOf(first, user));
    },
  );
});

/** The same journey; every request is noted as it goes out. */
function* overheard(journey: Journey, asked: string[]): Journey {
  for (let next = journey.next(); !next.done; next = journey.next(yield next.value)) {
    const { endpoint, path, body = '' } = next.value;
    asked.push(`${endpoint.method} ${path} ${body}`);
  }
}

/** Without the last one, which the end of the run may have cut short. */
const whole = (journeysOfOne: string[][] = []): string[][] => journeysOfOne.slice(0, -1);
