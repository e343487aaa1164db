// The OpenTelemetry SDK: spans are sent in batches, over OTLP as JSON. Loaded by `startTracing` alone.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { TellingExporter } from './telling-exporter.js';
import type { Sampling, TracingOptions } from './tracing-options.js';
import type { Recorder } from './tracing.js';

/** Spans that wait; more are dropped. About two megabytes. */
const QUEUED_SPANS = 2048;
const BATCH_SPANS = 512;
const BATCH_EVERY_MS = 1000;
const EXPORT_TIMEOUT_MS = 5000;
/** A service that stops waits no longer for its last spans: it has to be gone within the drain. */
const CLOSE_MS = 2000;

export function openRecorder(
  { name, version }: { readonly name: string; readonly version: string },
  { url, sampling }: TracingOptions,
): Recorder {
  const exporter = new TellingExporter(new OTLPTraceExporter({ url, timeoutMillis: EXPORT_TIMEOUT_MS }));
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': name,
      'service.version': version,
      'service.instance.id': randomUUID(),
    }),
    sampler: samplerOf(sampling),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter,
        maxQueueSize: QUEUED_SPANS,
        maxExportBatchSize: BATCH_SPANS,
        scheduledDelayMillis: BATCH_EVERY_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  return {
    ...sampling,
    tracer: provider.getTracer('flowchart', version),
    close: async () => {
      const ended = provider.shutdown().catch((error: unknown) => exporter.tell(error));
      await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
    },
  };
}

function samplerOf({ parentBased, rootShare }: Sampling): Sampler {
  const root = new TraceIdRatioBasedSampler(rootShare);
  return parentBased ? new ParentBasedSampler({ root }) : root;
}
