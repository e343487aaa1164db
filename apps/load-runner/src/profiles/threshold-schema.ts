// What a profile may say about thresholds: conditions with k6's options, and windows.

import { z } from 'zod';
import { duration, ms, positiveDuration } from './duration-schema.js';
import { metricCatalogue, type MetricDefinition } from './metric-catalogue.js';
import {
  onlyTheEndTells,
  parseCondition,
  parseSelector,
  type Condition,
  type MetricSelector,
} from './threshold.js';

/** A condition with k6's options, and one of ours: over a sliding window instead of the whole run. */
const threshold = z.union([
  z.string(),
  z.strictObject({
    threshold: z.string().describe('In k6’s grammar, like p(95)<500'),
    window: positiveDuration
      .refine((text) => ms(text) % 1000 === 0, 'must be whole seconds: it slides by seconds')
      .optional()
      .describe('Hold it against each stretch of this length, instead of the whole run'),
    abortOnFail: z.boolean().default(false).describe('End the run as soon as it fails'),
    delayAbortEval: duration.default('0s').describe('Do not end the run before so much of it was measured'),
  }),
]);

export interface Threshold {
  readonly condition: string;
  /** Whole seconds; 0: over the whole run. */
  readonly windowMs: number;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
}

export const toThreshold = (one: z.output<typeof threshold>): Threshold =>
  typeof one === 'string'
    ? { condition: one, windowMs: 0, abortOnFail: false, delayAbortEvalMs: 0 }
    : {
        condition: one.threshold,
        windowMs: one.window === undefined ? 0 : ms(one.window),
        abortOnFail: one.abortOnFail,
        delayAbortEvalMs: ms(one.delayAbortEval),
      };

export const thresholds = z
  .record(
    z.string(),
    z.union([threshold, z.array(threshold).min(1)], {
      error:
        'must be a condition like p(95)<500, a list of them, or { threshold: p(95)<500, window: 30s, abortOnFail: true }',
    }),
  )
  .superRefine((all, context) => {
    for (const [selector, conditions] of Object.entries(all)) {
      const parsed = parseSelector(selector);
      if (!parsed.ok) {
        context.addIssue({ code: 'custom', path: [selector], message: parsed.complaint });
        continue;
      }
      for (const [index, one] of [conditions].flat().entries()) {
        const message = complaint(parsed.value, toThreshold(one));
        const path = Array.isArray(conditions) ? [selector, index] : [selector];
        if (message) context.addIssue({ code: 'custom', path, message });
      }
    }
  });

function complaint({ metric }: MetricSelector, threshold: Threshold): string | undefined {
  const { type = 'gauge', known = 'always' } = metricCatalogue[metric] ?? {};
  const condition = parseCondition(threshold.condition, type);
  return condition.ok ? untimely(threshold, condition.value, known) : condition.complaint;
}

/** What only the end of the run can tell is no reason to end it, and has no windows. */
function untimely(
  { condition: text, windowMs, abortOnFail }: Threshold,
  condition: Condition,
  known: MetricDefinition['known'],
): string | undefined {
  if (windowMs === 0 && !abortOnFail) return undefined;
  if (known === 'afterwards') return 'is known only after the run: it has neither window nor abortOnFail';
  if (windowMs === 0 && onlyTheEndTells(condition))
    return `"${text}" may still come true as long as the run goes on: it cannot end it`;
  return undefined;
}
