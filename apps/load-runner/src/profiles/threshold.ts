// The grammar of thresholds, which is k6's: a metric with optional tags, and `p(95)<500` to hold it to.

import { metricCatalogue, tagValues, type MetricType } from './metric-catalogue.js';

export type Operator = '<' | '<=' | '>' | '>=' | '==' | '!=';

export interface MetricSelector {
  readonly metric: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Condition {
  readonly aggregate: 'avg' | 'min' | 'max' | 'med' | 'count' | 'rate' | 'value' | 'p';
  /** Only for `p`: which percentile, 0..100. */
  readonly percentile?: number;
  readonly operator: Operator;
  readonly bound: number;
}

/** A complaint is a sentence; the caller knows the line it belongs to. */
export type Parsed<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly complaint: string };

const aggregates: Readonly<Record<MetricType, readonly string[]>> = {
  trend: ['avg', 'min', 'max', 'med', 'p'],
  rate: ['rate'],
  counter: ['count', 'rate'],
  gauge: ['value'],
};

const refuse = (complaint: string): { ok: false; complaint: string } => ({ ok: false, complaint });

/** `http_req_duration{name:login}`, or with several tags `http_req_duration{name:login,stage:100}` */
export function parseSelector(text: string): Parsed<MetricSelector> {
  const match = /^\s*([a-z_]+)\s*(?:\{([^{}]*)\})?\s*$/.exec(text);
  if (!match) return refuse(`"${text}" is not a metric; write it like http_req_duration{name:login}`);
  const [, metric = '', tagText = ''] = match;
  const definition = metricCatalogue[metric];
  if (!definition) {
    return refuse(`there is no metric "${metric}"; there are ${Object.keys(metricCatalogue).join(', ')}`);
  }
  const tags: Record<string, string> = {};
  for (const pair of tagText.split(',').filter((part) => part.trim() !== '')) {
    const [key = '', ...rest] = pair.split(':').map((part) => part.trim());
    const value = rest.join(':');
    const complaint = tagComplaint(metric, key, value, definition.tags);
    if (complaint !== undefined) return refuse(complaint);
    tags[key] = value;
  }
  return { ok: true, value: { metric, tags } };
}

function tagComplaint(
  metric: string,
  key: string,
  value: string,
  known: readonly string[],
): string | undefined {
  if (!value) return `the tag "${key}" has no value; write it like {name:login}`;
  if (!known.includes(key)) return unknownTag(metric, key, known);
  const { pattern: valid, wanted } = tagValues[key] ?? {};
  return valid?.test(value) === false ? `the tag ${key} is ${wanted}, not "${value}"` : undefined;
}

function unknownTag(metric: string, key: string, known: readonly string[]): string {
  if (key === 'status' && known.includes('name')) {
    return `${metric} is not kept by status, only http_reqs is (expected_response tells good answers from others)`;
  }
  return `${metric} has no tag "${key}"; ${known.length > 0 ? `it has ${known.join(', ')}` : 'it has none'}`;
}

const pattern =
  /^\s*(avg|min|max|med|count|rate|value|p\(\s*([\d.]+)\s*\))\s*(>=|<=|===|==|!=|>|<)\s*(-?\d+(?:\.\d+)?)\s*$/;

/** `p(95)<500`, for a metric of the given type. */
export function parseCondition(text: string, type: MetricType): Parsed<Condition> {
  const match = pattern.exec(text);
  if (!match) return refuse(`"${text}" is not a threshold; write it like p(95)<500, rate<0.01 or count>0`);
  const [left, percentileText, operatorText, boundText] = match.slice(1) as [
    string,
    string | undefined,
    string,
    string,
  ];
  const percentile = Number(percentileText ?? NaN);
  const aggregate = percentileText === undefined ? (left as Condition['aggregate']) : 'p';
  if (!aggregates[type].includes(aggregate)) {
    const allowed = aggregates[type].map((name) => (name === 'p' ? 'p(N)' : name)).join(', ');
    return refuse(`"${left}" does not fit a ${type}, which has ${allowed}`);
  }
  if (aggregate === 'p' && !(percentile <= 100)) {
    return refuse(`there is no percentile ${percentileText}; it is from 0 to 100`);
  }
  const operator = (operatorText === '===' ? '==' : operatorText) as Operator;
  const condition = { aggregate, operator, bound: Number(boundText) };
  return { ok: true, value: aggregate === 'p' ? { ...condition, percentile } : condition };
}

const comparisons: Readonly<Record<Operator, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

export const holds = (condition: Condition, actual: number): boolean =>
  comparisons[condition.operator](actual, condition.bound);

const lowerBounds: ReadonlySet<Operator> = new Set(['>', '>=']);

/** Whether it wants much of something, as `rate>1000` does. */
export const isLowerBound = ({ operator }: Condition): boolean => lowerBounds.has(operator);

/** A count only grows: that it is too low yet says nothing. */
export const onlyTheEndTells = (condition: Condition): boolean =>
  condition.aggregate === 'count' && isLowerBound(condition);

/** Of two values the one that is nearer to breaking the condition, or breaks it more. */
export function worse({ operator, bound }: Condition, left: number, right: number): number {
  if (operator === '<' || operator === '<=') return Math.max(left, right);
  if (operator === '>' || operator === '>=') return Math.min(left, right);
  const leftIsFarther = Math.abs(left - bound) > Math.abs(right - bound);
  return leftIsFarther === (operator === '==') ? left : right;
}
