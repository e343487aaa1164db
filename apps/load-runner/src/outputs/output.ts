// What a system that is sent the seconds of a run has to do, and what it is told each second.

import type { OutputFigures, SystemSecond } from '../analysis/findings.js';
import type { Delta, EndpointDelta } from '../engine/delta.js';
import type { HistogramDelta } from '../engine/latency-histogram.js';
import type { Second } from '../engine/timeline.js';
import { endpoints, type Endpoint } from '../users/endpoint.js';

/** One second of the run, with the histograms that its figures were made from. */
export interface OutputSecond {
  readonly figures: Second;
  readonly deltas: readonly Delta[];
  /** When the second began. */
  readonly epochMs: number;
  /** All that the run is planned to have, as the plan is now. */
  readonly stages: readonly PlannedStage[];
}

/** A stage of the run, for whoever wants to mark it in a chart. */
export interface PlannedStage {
  /** Counted from 1. */
  readonly number: number;
  /** Users, or in the open model requests per second, that it leads to. */
  readonly level: number;
  /** Whether the second lies in it. */
  readonly active: boolean;
}

export interface Output {
  /** Throws where the wish itself is wrong, as a port that is taken; a system that is away is no reason. */
  prepare?(): Promise<void>;
  /** Never throws, never waits: whatever ails the other system must not harm the run. */
  second(second: OutputSecond): void;
  /** Series of the system under test, when companions of the run collected some. */
  system?(seconds: readonly SystemSecond[], startedAt: Date): Promise<void>;
  /** Sends what is left, for a limited time, and tells how it went. */
  finish(): Promise<OutputFigures>;
  close?(): Promise<void>;
}

/** Tells whoever started the run. */
export type Say = (line: string) => void;

/** What all workers saw of an endpoint in one second. */
export interface EndpointParts {
  readonly endpoint: Endpoint;
  readonly parts: readonly EndpointDelta[];
}

export function partsByEndpoint(deltas: readonly Delta[]): EndpointParts[] {
  const all = deltas.flatMap((delta) => delta.endpoints);
  return endpoints
    .map((endpoint) => ({ endpoint, parts: all.filter((part) => part.endpoint === endpoint.index) }))
    .filter(({ parts }) => parts.length > 0);
}

/** Histograms of the answers that were expected, or of all others. */
export const histogramsOf = (parts: readonly EndpointDelta[], expected: boolean): HistogramDelta[] =>
  parts.map((part) => (expected ? part.ok : part.unexpected)).filter((histogram) => histogram !== undefined);

/** The same of response times. */
export const responsesOf = (parts: readonly EndpointDelta[], expected: boolean): HistogramDelta[] =>
  parts
    .map((part) => (expected ? part.responseOk : part.responseUnexpected))
    .filter((histogram) => histogram !== undefined);

export const sumOf = <T>(items: readonly T[], value: (item: T) => number): number =>
  items.reduce((sum, item) => sum + value(item), 0);
