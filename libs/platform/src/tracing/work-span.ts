// A piece of work that is being recorded, and what it asks others for meanwhile.
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { traceparentOf } from '../logging/trace-context.js';

/** By the names of OpenTelemetry's semantic conventions. No secret and nobody's data: spans are kept elsewhere. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanEnd {
  readonly attributes?: SpanAttributes;
  /** What went wrong, by a name of a few; never in the words of an error, which quote values. */
  readonly failure?: string | undefined;
}

export class WorkSpan {
  readonly traceId: string;
  /** What others are told, so that their work becomes part of the same trace. */
  readonly traceparent: string;

  constructor(
    private readonly tracer: Tracer,
    private readonly span: Span,
    /** By which `performance.now()` becomes a time: one for all of a process' part in a trace, or children outlive parents. */
    private readonly epochMs: number,
  ) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.traceparent = traceparentOf({ traceId, spanId, sampled: true });
  }

  /** A question to another system. None after the end: a timer that was set meanwhile would add to the trace for ever. */
  child(name: string, attributes: SpanAttributes): WorkSpan | undefined {
    if (!this.span.isRecording()) return undefined;
    const options = { kind: SpanKind.CLIENT, attributes: { ...attributes }, startTime: this.nowMs };
    const span = this.tracer.startSpan(name, options, trace.setSpan(ROOT_CONTEXT, this.span));
    return new WorkSpan(this.tracer, span, this.epochMs);
  }

  note(attributes: SpanAttributes): void {
    if (this.span.isRecording()) this.span.setAttributes(attributes);
  }

  /** Only the first time counts. */
  end({ attributes = {}, failure }: SpanEnd = {}): void {
    if (!this.span.isRecording()) return;
    this.note(attributes);
    if (failure !== undefined) {
      this.span.setAttribute('error.type', failure);
      this.span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.span.end(this.nowMs);
  }

  private get nowMs(): number {
    return this.epochMs + performance.now();
  }
}
