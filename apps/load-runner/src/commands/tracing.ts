// Options that put a trace context on each request, so that what held up a slow one can be looked up.

import { InvalidArgumentError, type Command } from 'commander';
import { ConfigError } from '../config.js';
import type { Tracing } from '../engine/trace-context.js';
import { fraction } from './options.js';

export interface TracingOptions {
  readonly traceSample?: number;
  readonly traceUrl?: string;
}

export const withTracing = (command: Command): Command =>
  command
    .option(
      '--trace-sample <share>',
      'send a traceparent with each request, and mark this share of them (0 to 1) as sampled; the report lists the slowest',
      fraction,
    )
    .option(
      '--trace-url <template>',
      'with --trace-sample: where a trace is looked at, like http://127.0.0.1:16686/trace/{traceId}',
      traceUrl,
    );

export function readTracing({ traceSample, traceUrl: url }: TracingOptions): { trace?: Tracing } {
  if (traceSample !== undefined)
    return { trace: { sampleShare: traceSample, ...(url !== undefined && { url }) } };
  if (url === undefined) return {};
  throw new ConfigError('--trace-url links to traces that requests only have with --trace-sample');
}

/** The report makes links of it: nothing but an address of the web may get there. */
function traceUrl(text: string): string {
  const example = text.replaceAll('{traceId}', '0'.repeat(32));
  const protocol = URL.canParse(example) ? new URL(example).protocol : '';
  if (!['http:', 'https:'].includes(protocol) || example === text)
    throw new InvalidArgumentError(
      'It must be an http:// or https:// address with {traceId} in it, like http://127.0.0.1:16686/trace/{traceId}.',
    );
  return text;
}
