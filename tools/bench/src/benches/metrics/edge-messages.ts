/** What the bench asks of the process that has an edge in it. */

export interface EdgeOrder {
  /** Whether the edge measures itself, as it always does where it serves. */
  readonly measured: boolean;
}

export interface StartedEdge {
  readonly port: number;
}
