/** What the bench asks of the process that has an edge's gate in it. */

export interface OpenOrder {
  readonly open: { readonly redisUrl: string; readonly sessions: number };
}

/** Lets requests through: none has a token, all have the same one, or each has one that no other had. */
export interface AdmitOrder {
  readonly admit: {
    readonly who: Who;
    readonly requests: number;
    /** Under way at a time: what they ask of Redis goes there together. */
    readonly together: number;
  };
}

export type Who = 'nobody' | 'one' | 'each once';

export type GateOrder = OpenOrder | AdmitOrder;

export interface Admitted {
  readonly cpuUs: number;
}
