import { createService, type ServiceOptions } from '@flowchart/platform';
import type { DynamicModule, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

export interface TestService {
  readonly app: NestFastifyApplication;
  readonly url: string;
  stop(): Promise<void>;
}

export const testIdentitySecret = 'test-only-identity-secret-0123456789';

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
  identitySecret: testIdentitySecret,
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
