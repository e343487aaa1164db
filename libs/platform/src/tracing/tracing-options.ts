// Where spans go and which are recorded, from the variables that OpenTelemetry defines for it.
export interface TracingOptions {
  /** URL that takes OTLP over HTTP. */
  readonly url: string;
  readonly sampling: Sampling;
}

export interface Sampling {
  /** Whether what the caller has decided holds. */
  readonly parentBased: boolean;
  /** Share of traces that are recorded where nobody has decided, 0 to 1. */
  readonly rootShare: number;
}

/** Named as https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/ names them. */
export const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface TracingEnvironment {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_SAMPLER: (typeof samplers)[number];
  readonly OTEL_TRACES_SAMPLER_ARG: number;
}

/** Undefined without an endpoint: then nothing is recorded. */
export function tracingOptions(environment: TracingEnvironment): TracingOptions | undefined {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_TRACES_SAMPLER: sampler } = environment;
  if (endpoint === undefined) return undefined;
  const shares = { on: 1, off: 0, traceidratio: environment.OTEL_TRACES_SAMPLER_ARG };
  const root = sampler.slice(sampler.lastIndexOf('_') + 1) as keyof typeof shares;
  return {
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    sampling: { parentBased: sampler.startsWith('parentbased_'), rootShare: shares[root] },
  };
}
