// What a profile may say about the search for the knee.

import { z } from 'zod';
import { ms, positiveDuration } from './duration-schema.js';
import { metricCatalogue } from './metric-catalogue.js';
import { parseCondition, parseSelector } from './threshold.js';

/** A shorter step has too few seconds to tell a hiccup of the generator from its limit. */
export const shortestStepMs = 3000;

const slo = z
  .record(z.string(), z.union([z.string(), z.array(z.string()).min(1)]))
  .superRefine((all, context) => {
    for (const [selector, conditions] of Object.entries(all)) {
      const message = [conditions]
        .flat()
        .map((text) => complaint(selector, text))
        .find(Boolean);
      if (message) context.addIssue({ code: 'custom', path: [selector], message });
    }
  });

function complaint(selector: string, text: string): string | undefined {
  const parsed = parseSelector(selector);
  if (!parsed.ok) return parsed.complaint;
  const { type = 'gauge', known = 'always' } = metricCatalogue[parsed.value.metric] ?? {};
  if (known === 'afterwards' || parsed.value.tags['stage'] !== undefined)
    return 'is held against each step, which has no stages and no end';
  const condition = parseCondition(text, type);
  return condition.ok ? undefined : condition.complaint;
}

export const search = z
  .strictObject({
    growth: z.number().min(1.05).max(10).default(1.5).describe('Factor from one step to the next'),
    step: positiveDuration
      .refine((text) => ms(text) >= shortestStepMs, 'must be at least 3s')
      .default('15s')
      .describe('Length of each step'),
    precision: z
      .number()
      .min(0.01)
      .max(0.5)
      .default(0.05)
      .describe('Stop bisecting when the knee is known so well'),
    max: z.int().min(1).max(1_000_000).default(100_000).describe('Requests per second to try at most'),
    slo: slo.default({}).describe('Thresholds that a sustainable rate holds in its step'),
  })
  .describe(
    'breakpoint: from the first stage’s load in steps to the knee, then bisecting; the stages’ time is the limit',
  );

export const toSearch = ({ growth, step, precision, max, slo: conditions }: z.output<typeof search>) => ({
  growth,
  stepMs: ms(step),
  precision,
  maxPerSecond: max,
  slo: Object.fromEntries(Object.entries(conditions).map(([selector, one]) => [selector, [one].flat()])),
});
