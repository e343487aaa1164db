// Holds the run's metrics against the profile's thresholds. A threshold without samples fails: a mistyped tag must not be green.

import { hasTags, type Endpoint } from '../users/endpoint.js';
import type { Profile } from '../profiles/schema.js';
import {
  holds,
  parseCondition,
  parseSelector,
  type MetricSelector,
  type Parsed,
} from '../profiles/threshold.js';
import { aggregate, readMetric, type MetricSource } from './metrics.js';
import type { ThresholdResult } from './record.js';

/** What was decided while the run went on: windows, and what ended the run. */
export interface Decided {
  result(selector: string, index: number): ThresholdResult | undefined;
}

export function evaluateThresholds(
  source: MetricSource,
  thresholds: Profile['thresholds'],
  decided: Decided,
): ThresholdResult[] {
  return Object.entries(thresholds).flatMap(([text, conditions]) => {
    const selector = trusted(parseSelector(text));
    const metric = readMetric(source, selector);
    return conditions.map(({ condition: conditionText }, index) => {
      const known = decided.result(text, index);
      if (known) return known;
      const condition = trusted(parseCondition(conditionText, metric.type));
      const actual = aggregate(metric, condition);
      const result = { metric: text, condition: conditionText };
      return actual === undefined
        ? { ...result, ok: false }
        : { ...result, ok: holds(condition, actual), actual };
    });
  });
}

/** The sub-metrics that the thresholds name, for the summary; plain metrics are there anyway. */
export function taggedSelectors(
  thresholds: Readonly<Record<string, unknown>>,
): Record<string, MetricSelector> {
  const parsed = Object.keys(thresholds).map((text) => [text, trusted(parseSelector(text))] as const);
  return Object.fromEntries(parsed.filter(([, selector]) => Object.keys(selector.tags).length > 0));
}

/** Complaints about thresholds that only the list of endpoints can tell. */
export function unknownEndpoints(
  thresholds: Readonly<Record<string, unknown>>,
  endpoints: readonly Endpoint[],
): string[] {
  return Object.entries(taggedSelectors(thresholds)).flatMap(([text, { tags }]) =>
    endpoints.some((one) => hasTags(one, tags)) ? [] : [`${text}: ${whyNone(tags, endpoints)}`],
  );
}

function whyNone({ name, method }: MetricSelector['tags'], endpoints: readonly Endpoint[]): string {
  const named = endpoints.find((one) => one.name === name);
  if (named) return `${named.name} is asked with ${named.method}, never with ${method}`;
  if (name !== undefined)
    return `no endpoint is named "${name}"; there are ${endpoints.map((one) => one.name).join(', ')}`;
  const methods = new Set(endpoints.map((one) => one.method));
  return `no endpoint is asked with ${method}; they are asked with ${[...methods].join(', ')}`;
}

/** The profile's schema has parsed it before. */
export function trusted<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(parsed.complaint);
  return parsed.value;
}
