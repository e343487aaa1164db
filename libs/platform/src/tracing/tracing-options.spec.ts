import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serviceEnvironment } from '../config/environment.js';
import { readConfig } from '../config/read-config.js';
import { tracingOptions } from './tracing-options.js';

const read = (env: Record<string, string>) =>
  tracingOptions(readConfig(z.object({ ...serviceEnvironment }), env));
const to = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' };

describe('where spans go and which are recorded', () => {
  it('is nowhere and none without an endpoint, whatever else is set', () => {
    expect(read({})).toBeUndefined();
    expect(read({ OTEL_TRACES_SAMPLER: 'always_on' })).toBeUndefined();
  });

  it.each(['http://collector:4318', 'http://collector:4318/'])('is below the endpoint %s', (endpoint) =>
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint })?.url).toBe('http://collector:4318/v1/traces'),
  );

  it.each([
    [undefined, true, 1],
    ['always_on', false, 1],
    ['always_off', false, 0],
    ['traceidratio', false, 0.25],
    ['parentbased_always_on', true, 1],
    ['parentbased_always_off', true, 0],
    ['parentbased_traceidratio', true, 0.25],
  ])('follows the sampler %s', (sampler, parentBased, rootShare) => {
    const env = { ...to, OTEL_TRACES_SAMPLER_ARG: '0.25', ...(sampler && { OTEL_TRACES_SAMPLER: sampler }) };
    expect(read(env)?.sampling).toEqual({ parentBased, rootShare });
  });

  it.each([
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4317' },
    { ...to, OTEL_TRACES_SAMPLER: 'jaeger_remote' },
    { ...to, OTEL_TRACES_SAMPLER_ARG: '1.5' },
  ])('is refused as %j', (env) => expect(() => read(env)).toThrow('OTEL_'));
});
