// What a profile may say: the zod schema is the truth, the JSON Schema beside the profiles is made from it.

import { z } from 'zod';
import { baseline, toBaseline } from './baseline-schema.js';
import { duration, ms, positiveDuration } from './duration-schema.js';
import { search, toSearch } from './search-schema.js';
import { thresholds, toThreshold } from './threshold-schema.js';
import type { ThinkTime } from './think-time.js';

export type { Threshold } from './threshold-schema.js';

/** The user journeys a profile can weight; `users/journeys` holds one function for each. */
export const journeyNames = ['browse', 'degrees', 'student'] as const;
export type JourneyName = (typeof journeyNames)[number];

const thinkTime = z
  .union(
    [
      duration.describe('The same pause each time'),
      z.strictObject({ distribution: z.literal('uniform'), min: duration, max: duration }),
      z.strictObject({ distribution: z.literal('exponential'), mean: positiveDuration }),
      z.strictObject({
        distribution: z.literal('lognormal'),
        median: positiveDuration,
        p95: positiveDuration,
      }),
    ],
    {
      error:
        'must be a duration like 500ms, or have a distribution: uniform with min and max, exponential with mean, ' +
        'lognormal with median and p95',
    },
  )
  .superRefine((think, context) => {
    if (typeof think === 'string') return;
    if (think.distribution === 'uniform' && ms(think.min) > ms(think.max)) {
      context.addIssue({ code: 'custom', path: ['max'], message: 'must not be below min' });
    }
    if (think.distribution === 'lognormal' && ms(think.median) > ms(think.p95)) {
      context.addIssue({ code: 'custom', path: ['p95'], message: 'must not be below the median' });
    }
  });

function toThinkTime(think: z.output<typeof thinkTime>): ThinkTime {
  if (typeof think === 'string') return { distribution: 'constant', valueMs: ms(think) };
  if (think.distribution === 'uniform') {
    return { distribution: 'uniform', minMs: ms(think.min), maxMs: ms(think.max) };
  }
  if (think.distribution === 'exponential') return { distribution: 'exponential', meanMs: ms(think.mean) };
  return { distribution: 'lognormal', medianMs: ms(think.median), p95Ms: ms(think.p95) };
}

const level = z.int().min(0).max(100_000);

const stage = z
  .strictObject({
    users: level
      .optional()
      .describe('closed and flood: users (connections) at the end of the ramp and during the hold'),
    rate: level.optional().describe('open: requests per second at the end of the ramp and during the hold'),
    ramp: duration.default('0s').describe('Time in which the load changes evenly to `users` or `rate`'),
    hold: duration.default('0s').describe('Time for which it then stays there'),
  })
  .refine((value) => ms(value.ramp) + ms(value.hold) > 0, 'takes no time: give it a ramp or a hold');

const weight = z.number().min(0).max(1000);

const leaks = z
  .strictObject({
    maxGrowthPerHour: z
      .number()
      .min(0)
      .default(0.1)
      .describe('Share of its first value by which a figure may grow'),
    minTime: positiveDuration.default('10m').describe('A shorter run cannot tell, which fails'),
  })
  .describe('soak: fits a trend to memory, handles and connections of every part');

const faultActions = ['kill', 'freeze', 'restart'] as const;
const fault = z.strictObject({
  at: duration.describe('From the start of the run'),
  part: z.string().min(1).describe('course-service, redis, postgres and so on, as the stack names its parts'),
  action: z.enum(faultActions),
  for: positiveDuration.default('5s').describe('How long it stays away or frozen'),
});

const sessions = z
  .strictObject({
    count: z.int().min(1).max(10_000_000),
    order: z.literal('permuted').default('permuted'),
    tokens: z
      .string()
      .min(1)
      .optional()
      .describe(
        'File with a token a line, made beforehand; without it the edge’s own command makes the sessions',
      ),
  })
  .describe('million: so many live sessions, each request under one of them');

interface Unfitting {
  readonly path: string[];
  readonly message: string;
}

/** What other models have. */
function unfitting({ model, thinkTime: pause, search: looksForKnee }: ModelParts): Unfitting[] {
  const issues: Unfitting[] = [];
  if (model === 'closed' && pause === undefined)
    issues.push({ path: ['thinkTime'], message: 'users of the closed model need one; 0s is allowed' });
  if (looksForKnee && model !== 'open')
    issues.push({ path: ['search'], message: 'looks for a rate: the model must be open' });
  return issues;
}

interface ModelParts {
  readonly model: 'closed' | 'open' | 'flood';
  readonly thinkTime?: unknown;
  readonly search?: unknown;
}

export const profileSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and hyphens'),
    description: z.string().max(500).default(''),
    model: z
      .enum(['closed', 'open', 'flood'])
      .default('closed')
      .describe(
        'closed: a user waits for the answer, thinks, then asks again; open: requests arrive at a rate, whether or not ' +
          'earlier ones were answered; flood: as fast as the connections go',
      ),
    stages: z.array(stage).min(1).max(50),
    warmup: duration
      .default('0s')
      .describe('From the start; kept in the time series, left out of summary and thresholds'),
    thinkTime: thinkTime.optional().describe('closed: pause between two requests of a user'),
    arrivals: z
      .enum(['constant', 'poisson'])
      .default('constant')
      .describe('open: evenly spaced, or at random as independent visitors come'),
    maxInFlight: z.int().min(1).max(50_000).default(1000).describe('open: connections at most'),
    maxQueue: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(10_000)
      .describe('open: arrivals that may wait for a connection; more are dropped, and counted'),
    flood: z
      .strictObject({
        path: z
          .string()
          .startsWith('/', 'must begin with a slash')
          .describe('Path and query of every request'),
      })
      .default({ path: '/courses' })
      .describe('flood: what is asked for; figures are the service times that autocannon tells'),
    journeys: z
      .strictObject({ browse: weight.default(0), degrees: weight.default(0), student: weight.default(0) })
      .refine(
        (weights) => Object.values(weights).some((value) => value > 0),
        'all weights are 0: give one a weight',
      )
      .default({ browse: 1, degrees: 0, student: 0 })
      .describe('How often each journey is chosen, relative to the others'),
    students: z.int().min(1).max(10_000_000).default(10_000).describe('Accounts student1..studentN exist'),
    timeout: positiveDuration.default('10s').describe('An answer that takes longer counts as failed'),
    gracefulStop: duration.default('10s').describe('At the end, how long to wait for answers under way'),
    thresholds: thresholds.default({}).describe('In k6’s grammar; one without samples fails'),
    baseline: baseline.optional(),
    audit: z
      .boolean()
      .default(true)
      .describe('After the run: is everything that was acknowledged still true?'),
    search: search.optional(),
    leaks: leaks.optional(),
    faults: z.array(fault).default([]).describe('chaos: what is done to the parts of the stack, and when'),
    sessions: sessions.optional(),
  })
  .refine(({ model, sessions: wanted }) => wanted === undefined || model === 'open', {
    path: ['sessions'],
    message: 'are drawn for arrivals of the open model, and for no other',
  })
  .superRefine((profile, context) => {
    for (const issue of unfitting(profile)) context.addIssue({ code: 'custom', ...issue });
    const wanted = profile.model === 'open' ? 'rate' : 'users';
    for (const [index, one] of profile.stages.entries()) {
      if (one[wanted] === undefined || one[wanted === 'rate' ? 'users' : 'rate'] !== undefined) {
        const message = `a stage of the ${profile.model} model has ${wanted}, and nothing else beside ramp and hold`;
        context.addIssue({ code: 'custom', path: ['stages', index], message });
      }
    }
    if (profile.stages.every((one) => one.users === 0 || one.rate === 0)) {
      context.addIssue({ code: 'custom', path: ['stages'], message: 'no stage has any load' });
    }
    const total = profile.stages.reduce((sum, one) => sum + ms(one.ramp) + ms(one.hold), 0);
    if (ms(profile.warmup) >= total) {
      context.addIssue({ code: 'custom', path: ['warmup'], message: 'lasts as long as the whole run' });
    }
  })
  .transform((profile) => ({
    name: profile.name,
    description: profile.description,
    model: profile.model,
    stages: profile.stages.map((one) => ({
      level: one.users ?? one.rate ?? 0,
      rampMs: ms(one.ramp),
      holdMs: ms(one.hold),
    })),
    warmupMs: ms(profile.warmup),
    thinkTime: toThinkTime(profile.thinkTime ?? '0s'),
    arrivals: profile.arrivals,
    maxInFlight: profile.maxInFlight,
    maxQueue: profile.maxQueue,
    flood: profile.flood,
    journeys: profile.journeys,
    students: profile.students,
    timeoutMs: ms(profile.timeout),
    gracefulStopMs: ms(profile.gracefulStop),
    thresholds: Object.fromEntries(
      Object.entries(profile.thresholds).map(([selector, conditions]) => [
        selector,
        [conditions].flat().map(toThreshold),
      ]),
    ),
    baseline: profile.baseline && toBaseline(profile.baseline),
    audit: profile.audit,
    search: profile.search && toSearch(profile.search),
    leaks: profile.leaks && {
      maxGrowthPerHour: profile.leaks.maxGrowthPerHour,
      minTimeMs: ms(profile.leaks.minTime),
    },
    faults: profile.faults.map((one) => ({
      atMs: ms(one.at),
      part: one.part,
      action: one.action,
      forMs: ms(one.for),
    })),
    sessions: profile.sessions,
  }));

export type Profile = z.output<typeof profileSchema>;
export type Stage = Profile['stages'][number];

/** The schema that editors complete and check profiles by. */
export function profileJsonSchema(): object {
  return {
    $id: 'profile.schema.json',
    title: 'Load profile',
    ...z.toJSONSchema(profileSchema, { io: 'input' }),
  };
}
