/** `bench:journey`: what the mixed student journey costs all processes together, and how a cold cache fills. */
import type { Bench, BenchContext } from '../../bench.js';
import type { Report } from '../../report/report.js';
import { startBenchStack } from '../../servers/stack.js';
import { compareColdStart } from './cold-start.js';
import { measureLoginCost } from './login-cost.js';
import { StackMeter } from './stack-meter.js';
import { compareWarm } from './warm.js';

export const journey: Bench = {
  name: 'journey',
  summary: 'CPU of all processes for the mixed student journey, and how fast a cold cache fills (P6)',
  description:
    'A hundred users of the load-runner browse courses and degrees and work as students. At first, on a cold start, ' +
    'until the hit rate of cacheable reads has reached 95 %; then warm and without much thinking, which is where the ' +
    'CPU of edge, services, Postgres and Redis is summed. A round is a window of that run.',
  defaultSeconds: 5,
  pinned: false,
  run: measureJourney,
};

async function measureJourney(context: BenchContext): Promise<Report> {
  const { cleanUp, say, signal } = context;
  // The profiles log in ten thousand students.
  const env = { DATASET_SIZE: 'S', CACHE_WARM_UP: 'on' };
  const stack = await startBenchStack({ env, signal, onProgress: say });
  cleanUp.defer(() => stack.stop());
  const meter = new StackMeter(stack, signal);
  // First of all: an edge that rests does not stay cold.
  const cold = await compareColdStart({ context, meter });
  const restUsPerSecond = await meter.cpuAtRestUsPerSecond();
  const loginUs = await measureLoginCost({ context, meter });
  const warm = await compareWarm({ context, meter, loginUs });
  return { comparisons: [cold, warm], notes: notesOf(restUsPerSecond, loginUs) };
}

const notesOf = (restUsPerSecond: number, loginUs: number): string[] => [
  'CPU of the load-runner is not in the figures, but it takes its share of the cores.',
  `a login costs all processes ${(loginUs / 1000).toFixed(1)} ms of CPU, most of it the password hash, on purpose; ` +
    '"logins apart" leaves them out with that cost.',
  `at rest all processes together use ${(restUsPerSecond / 1000).toFixed(1)} ms of CPU a second, which is in the figures.`,
];
