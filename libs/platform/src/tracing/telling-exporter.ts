// Tells in the log when spans cannot be handed over, once, and when they can be again; and goes on either way.
import { Logger } from '@nestjs/common';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';

/** `ExportResultCode.SUCCESS` of the SDK. */
const SUCCESS = 0;

export class TellingExporter implements SpanExporter {
  private readonly logger = new Logger('Tracing');
  private failing = false;

  constructor(private readonly exporter: SpanExporter) {}

  export(spans: ReadableSpan[], done: Parameters<SpanExporter['export']>[1]): void {
    this.exporter.export(spans, (result) => {
      if ((result.code as number) === SUCCESS) this.tellReturn();
      else this.tell(result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  async forceFlush(): Promise<void> {
    await this.exporter.forceFlush?.();
  }

  /** What went wrong. */
  tell(error: unknown): void {
    if (!this.failing) this.logger.warn({ err: error }, 'spans are not taken: going on without them');
    this.failing = true;
  }

  private tellReturn(): void {
    if (this.failing) this.logger.log('spans are taken again');
    this.failing = false;
  }
}
