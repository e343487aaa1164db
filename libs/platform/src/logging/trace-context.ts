// Reads the trace that a request belongs to, as W3C Trace Context writes it into `traceparent`.
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: what the caller did when it made the request. */
  readonly spanId: string;
}

/** The version `ff` and ids of zeros are invalid; versions after the first may add parts. */
const form =
  /^(?!ff)(?:00|([\da-f]{2}))-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-[\da-f]{2}(-.{0,200})?$/;

/** By https://www.w3.org/TR/trace-context/#traceparent-header; what is not valid in all its parts counts as absent. */
export function traceContextOf(traceparent: unknown): TraceContext | undefined {
  if (typeof traceparent !== 'string') return undefined;
  const [, laterVersion, traceId, spanId, more] = form.exec(traceparent) ?? [];
  if (!traceId || !spanId) return undefined;
  return more !== undefined && laterVersion === undefined ? undefined : { traceId, spanId };
}
