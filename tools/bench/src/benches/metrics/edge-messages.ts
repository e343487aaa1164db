/** What a bench asks of the process that has an edge in it. */
import type { ServiceOptions } from '@flowchart/platform';

export interface EdgeOrder {
  /** Whether the edge measures itself, as it always does where it serves. */
  readonly measured: boolean;
  /** Where its spans go; without it there are none. */
  readonly tracing?: ServiceOptions['tracing'];
}

export interface StartedEdge {
  readonly port: number;
}
