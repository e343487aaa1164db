import { REDIS } from '@flowchart/events';
import { type ConnectionLimits, createService, type ServiceOptions } from '@flowchart/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Redis } from 'ioredis';
import { AppModule } from '../app.module.js';
import { config, type EdgeConfig, options } from '../config.js';
import { openEdge } from '../edge.js';
import { credentialsOf, type TestOrigin } from './test-origin.js';

const REDIS_TIMEOUT_MS = 3000;

export interface TestEdge {
  readonly app: NestFastifyApplication;
  readonly url: string;
  /** A GET, or what `init` says, of a path. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** A token for the `Authorization` header of a new session. */
  logIn(username: 'student1' | 'registrar'): Promise<string>;
  stop(): Promise<void>;
}

/** An edge as `main.ts` starts it, on a free port, with `origin` for all services. */
export async function startEdge(
  origin: TestOrigin,
  redisUrl: string,
  overrides: Partial<EdgeConfig> = {},
  connectionLimits: Partial<ConnectionLimits> = {},
  watched: Pick<ServiceOptions, 'logLevel' | 'logTo' | 'accessLog' | 'tracing'> = { logLevel: 'silent' },
): Promise<TestEdge> {
  const { url } = origin;
  const settings: EdgeConfig = {
    ...config({}),
    redisUrl,
    serviceUrls: { course: url, degree: url, student: url },
    upstreamTimeoutMs: 1000,
    // Specs count what their origin is asked.
    warmUp: false,
    // Client, origin and edge share one process here: their bursts are slower than any real overload.
    shedding: { enabled: false, targetMs: 1000 },
    ...overrides,
  };
  const service = { ...options({}), ...watched, managementPort: undefined, connectionLimits };
  const app = await createService(AppModule.from(settings), service);
  // How soon a slow Redis is given up is no matter of these tests, and a test machine is slow at times.
  app.get<Redis>(REDIS).options.commandTimeout = REDIS_TIMEOUT_MS;
  await openEdge(app);
  await app.listen(0, '127.0.0.1');
  return new RunningEdge(app, await app.getUrl());
}

class RunningEdge implements TestEdge {
  constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
  ) {}

  fetch(path: string, init?: RequestInit): Promise<Response> {
    return fetch(`${this.url}${path}`, { redirect: 'manual', ...init });
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return this.fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  async logIn(username: 'student1' | 'registrar'): Promise<string> {
    const answer = await this.post('/auth/login', credentialsOf(username));
    const { accessToken } = (await answer.json()) as { accessToken: string };
    return `Bearer ${accessToken}`;
  }

  stop(): Promise<void> {
    return this.app.close();
  }
}
