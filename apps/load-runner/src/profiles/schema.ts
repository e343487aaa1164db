// What a profile may say: the zod schema is the truth, the JSON Schema beside the profiles is made from it.

import { z } from 'zod';
import { durationPattern, parseDurationMs } from './duration.js';
import { metricCatalogue } from './metric-catalogue.js';
import { parseCondition, parseSelector } from './threshold.js';
import type { ThinkTime } from './think-time.js';

/** The user journeys a profile can weight; `users/journeys` holds one function for each. */
export const journeyNames = ['browse', 'degrees', 'student'] as const;
export type JourneyName = (typeof journeyNames)[number];

const duration = z
  .string()
  .regex(durationPattern, 'must be a duration like 500ms, 30s or 1m30s')
  .meta({ examples: ['500ms', '30s', '1m30s'] });
const ms = (text: string): number => parseDurationMs(text) ?? 0;
const positiveDuration = duration.refine((text) => ms(text) > 0, 'must be longer than nothing');

const thinkTime = z
  .union([
    duration.describe('The same pause each time'),
    z.strictObject({ distribution: z.literal('uniform'), min: duration, max: duration }),
    z.strictObject({ distribution: z.literal('exponential'), mean: positiveDuration }),
    z.strictObject({ distribution: z.literal('lognormal'), median: positiveDuration, p95: positiveDuration }),
  ])
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

const stage = z
  .strictObject({
    users: z.int().min(0).max(100_000).describe('Users at the end of the ramp and during the hold'),
    ramp: duration.default('0s').describe('Time in which the number of users changes evenly to `users`'),
    hold: duration.default('0s').describe('Time for which it then stays there'),
  })
  .refine((value) => ms(value.ramp) + ms(value.hold) > 0, 'takes no time: give it a ramp or a hold');

const weight = z.number().min(0).max(1000);

const thresholds = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
  .superRefine((all, context) => {
    for (const [selector, conditions] of Object.entries(all)) {
      const parsed = parseSelector(selector);
      if (!parsed.ok) {
        context.addIssue({ code: 'custom', path: [selector], message: parsed.complaint });
        continue;
      }
      const type = metricCatalogue[parsed.value.metric]?.type ?? 'gauge';
      for (const [index, text] of [conditions].flat().entries()) {
        const condition = parseCondition(text, type);
        const path = Array.isArray(conditions) ? [selector, index] : [selector];
        if (!condition.ok) context.addIssue({ code: 'custom', path, message: condition.complaint });
      }
    }
  });

export const profileSchema = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'must be lower-case letters, digits and hyphens'),
    description: z.string().max(500).default(''),
    model: z
      .literal('closed')
      .default('closed')
      .describe('closed: a user waits for the answer, thinks, then asks again'),
    stages: z.array(stage).min(1).max(50),
    warmup: duration
      .default('0s')
      .describe('From the start; kept in the time series, left out of summary and thresholds'),
    thinkTime: thinkTime.describe('Pause between two requests of a user'),
    journeys: z
      .strictObject({ browse: weight.default(0), degrees: weight.default(0), student: weight.default(0) })
      .refine(
        (weights) => Object.values(weights).some((value) => value > 0),
        'all weights are 0: give one a weight',
      )
      .describe('How often each journey is chosen, relative to the others'),
    students: z.int().min(1).max(10_000_000).default(10_000).describe('Accounts student1..studentN exist'),
    timeout: positiveDuration.default('10s').describe('An answer that takes longer counts as failed'),
    gracefulStop: duration.default('10s').describe('At the end, how long to wait for answers under way'),
    thresholds: thresholds.default({}).describe('In k6’s grammar; one without samples fails'),
  })
  .superRefine((profile, context) => {
    if (profile.stages.every((one) => one.users === 0)) {
      context.addIssue({ code: 'custom', path: ['stages'], message: 'no stage has a user' });
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
    stages: profile.stages.map((one) => ({ users: one.users, rampMs: ms(one.ramp), holdMs: ms(one.hold) })),
    warmupMs: ms(profile.warmup),
    thinkTime: toThinkTime(profile.thinkTime),
    journeys: profile.journeys,
    students: profile.students,
    timeoutMs: ms(profile.timeout),
    gracefulStopMs: ms(profile.gracefulStop),
    thresholds: Object.fromEntries(
      Object.entries(profile.thresholds).map(([selector, conditions]) => [selector, [conditions].flat()]),
    ),
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
