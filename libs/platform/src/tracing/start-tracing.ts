import type { TracingOptions } from './tracing-options.js';
import { Tracing } from './tracing.js';

interface Traced {
  readonly name: string;
  readonly version: string;
  readonly tracing?: TracingOptions | undefined;
}

/** Loads the SDK where spans are wanted, and nothing of it where they are not. */
export async function startTracing({ tracing, ...service }: Traced): Promise<Tracing> {
  if (!tracing) return new Tracing();
  const { openRecorder } = await import('./recorder.js');
  return new Tracing(openRecorder(service, tracing));
}
