import { edgeName, type Identity, identityHeader } from '@flowchart/contracts';
import { AssertionSigner, createService, derivedKeys, type ServiceOptions } from '@flowchart/platform';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface TestService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  stop(): Promise<void>;
}

const identityKeys = derivedKeys(['test-only-identity-secret-0123456789']);

/** Headers of a call to `service` as one of the parts makes it. */
export const asCaller = (
  issuer: string,
  service: string,
  identity: Identity | null = null,
): Record<string, string> => ({
  [identityHeader]: new AssertionSigner({ name: issuer, identityKeys }, service).sign(identity),
});

/** Headers of a call to `service` as the edge makes it, in the name of `identity` or in nobody's. */
export const asEdge = (service: string, identity: Identity | null = null): Record<string, string> =>
  asCaller(edgeName, service, identity);

/** What a quiet service on a free port is set up with. */
export const testServiceOptions = (extra: Partial<ServiceOptions> = {}): ServiceOptions => ({
  name: 'test-service',
  version: '0.0.0',
  revision: 'test',
  port: 0,
  host: '127.0.0.1',
  portVariable: 'TEST_SERVICE_PORT',
  logLevel: 'silent',
  shutdownDelayMs: 0,
  identityKeys,
  ...extra,
});

/** Starts a service as `main.ts` would, on a free port. */
export async function startTestService(
  module: Type | DynamicModule,
  extra: Partial<ServiceOptions> = {},
): Promise<TestService> {
  const app = await createService(module, testServiceOptions(extra));
  await app.listen(0, '127.0.0.1');
  return { app, url: await app.getUrl(), stop: () => app.close() };
}
