// Whether the work of this process is recorded as spans, and which of it.
import { type Context, ROOT_CONTEXT, SpanKind, trace, TraceFlags, type Tracer } from '@opentelemetry/api';
import { type TraceContext, traceContextOf, traceparentOf } from '../logging/trace-context.js';
import { type SpanAttributes, WorkSpan } from './work-span.js';

/** Where spans go, and who decides whether there are any. */
export interface Recorder {
  readonly tracer: Tracer;
  /** Whether what the caller has decided holds. */
  readonly parentBased: boolean;
  /** Share of the traces that begin here which are recorded, 0 to 1. */
  readonly rootShare: number;
  /** Hands over what is left, in bounded time. */
  close(): Promise<void>;
}

/** A request as far as its trace goes. */
export interface Received {
  /** What those behind are told: of our own span, else as it came. */
  readonly traceparent?: string | string[] | undefined;
  readonly span?: WorkSpan | undefined;
}

export interface Described {
  readonly name: string;
  readonly attributes: SpanAttributes;
}

const kinds = { producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER } as const;

/**
 * Off without a recorder: then a trace is handed on as it came, and nothing of one is made up. Where it is on, whoever is
 * first in a trace decides for all behind: a trace is recorded whole or not at all.
 */
export class Tracing {
  constructor(private readonly recorder?: Recorder) {}

  get on(): boolean {
    return this.recorder !== undefined;
  }

  /** A request that has come with `traceparent`; described only if it is recorded, from `startedMs` (`performance.now()`) on. */
  receive(
    traceparent: string | string[] | undefined,
    describe: () => Described,
    startedMs = performance.now(),
  ): Received {
    const { recorder } = this;
    const caller = recorder && traceContextOf(traceparent);
    if (!recorder || !mayRecord(recorder, caller)) return { traceparent };
    const epochMs = Date.now() - performance.now();
    const options = { kind: SpanKind.SERVER, startTime: epochMs + startedMs };
    const span = recorder.tracer.startSpan('', options, contextOf(caller));
    const { traceId, spanId } = span.spanContext();
    // Whoever is asked next is told, or would decide anew.
    if (!span.isRecording()) return { traceparent: traceparentOf({ traceId, spanId, sampled: false }) };
    const { name, attributes } = describe();
    span.updateName(name).setAttributes({ ...attributes });
    const work = new WorkSpan(recorder.tracer, span, epochMs);
    return { traceparent: work.traceparent, span: work };
  }

  /** Work that goes on for a trace after its request: undefined where that was not recorded. */
  resume(
    traceparent: string | undefined,
    kind: keyof typeof kinds,
    { name, attributes }: Described,
  ): WorkSpan | undefined {
    const { recorder } = this;
    const before = recorder && traceContextOf(traceparent);
    if (!recorder || !before?.sampled) return undefined;
    const epochMs = Date.now() - performance.now();
    const options = { kind: kinds[kind], attributes: { ...attributes }, startTime: Date.now() };
    const span = recorder.tracer.startSpan(name, options, contextOf(before));
    return span.isRecording() ? new WorkSpan(recorder.tracer, span, epochMs) : undefined;
  }

  async close(): Promise<void> {
    await this.recorder?.close();
  }
}

/** Spares the SDK's decision, which draws ids, where there is nothing to decide. */
const mayRecord = ({ parentBased, rootShare }: Recorder, caller: TraceContext | undefined): boolean =>
  caller && parentBased ? caller.sampled : rootShare > 0;

function contextOf(caller: TraceContext | undefined): Context {
  if (!caller) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = caller;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
