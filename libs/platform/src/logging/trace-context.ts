// The trace that a request belongs to, as W3C Trace Context writes it into `traceparent`.
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: what the caller did when it made the request. */
  readonly spanId: string;
  /** Whether the caller records it. */
  readonly sampled: boolean;
}

const SAMPLED = 1;

/** The version `ff` and ids of zeros are invalid; versions after the first may add parts. */
const form =
  /^(?!ff)(?:00|([\da-f]{2}))-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.{0,200})?$/;

/** By https://www.w3.org/TR/trace-context/#traceparent-header; what is not valid in all its parts counts as absent. */
export function traceContextOf(traceparent: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, laterVersion, traceId, spanId, flags, more] = form.exec(traceparent) ?? [];
  if (!traceId || !spanId || !flags) return undefined;
  if (more !== undefined && laterVersion === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** Of the first version, whatever the caller's was: nobody else's parts are handed on. */
export const traceparentOf = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-0${sampled ? 1 : 0}`;
