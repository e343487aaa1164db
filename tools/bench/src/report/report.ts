/** What a bench hands over: figures by round, how to print them and what they are held to. */
import type { Round } from '../measure/rounds.js';

export interface Metric {
  /** Its name in the samples. */
  readonly key: string;
  readonly label: string;
  readonly digits: number;
  /** Whether its ratio to the reference means something; so it is printed. */
  readonly compared: boolean;
}

/** One line of design/targets.md, or part of one. */
export interface Target {
  /** P1, P2 … */
  readonly id: string;
  readonly contestant: string;
  readonly metric: string;
  /** Holds the ratio to this contestant of the same round; without it the value itself is held. */
  readonly over?: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Says nothing unless both contestants had at least this of a metric: busy servers, for one. */
  readonly given?: { readonly metric: string; readonly atLeast: number };
}

export interface Comparison {
  readonly title: string;
  /** What the printed ratios are relative to. */
  readonly reference: string;
  readonly contestants: readonly string[];
  readonly metrics: readonly Metric[];
  readonly rounds: readonly Round[];
  readonly targets: readonly Target[];
}

export interface Report {
  readonly comparisons: readonly Comparison[];
  /** What a reader must know to read the figures right. */
  readonly notes: readonly string[];
}
