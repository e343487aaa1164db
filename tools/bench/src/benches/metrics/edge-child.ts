/**
 * An edge in a process of its own with what stands behind it, wired as `main.ts` wires it, and without its meters where
 * that is asked for. Production has no such switch: whoever runs an edge wants to see it.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createService, type ServiceOptions } from '@flowchart/platform';
import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import { answerParent } from '../../child-module.js';
import type { EdgeOrder, StartedEdge } from './edge-messages.js';

interface Settings {
  readonly config: (env: object) => object;
  readonly options: (env: object) => ServiceOptions;
}
interface RuntimeMeters {
  onModuleDestroy(): void;
}

/** Of the system as it was built: a program is no library, so it is found by its place. */
const built = <T>(path: string): Promise<T> =>
  import(new URL(`../../../../../${path}`, import.meta.url).href) as Promise<T>;

/** About the size of a page of courses. */
const PAGE = JSON.stringify({
  items: Array.from({ length: 20 }, (_, index) => ({ index, text: 'x'.repeat(350) })),
});

answerParent(async ({ measured, tracing }: EdgeOrder): Promise<StartedEdge> => {
  const { config, options } = await built<Settings>('apps/edge-gateway/dist/config.js');
  const { AppModule } = await built<{ AppModule: { from(config: object): DynamicModule } }>(
    'apps/edge-gateway/dist/app.module.js',
  );
  const { openEdge } = await built<{ openEdge: (app: INestApplication) => Promise<void> }>(
    'apps/edge-gateway/dist/edge.js',
  );
  const url = await serveOrigin();
  const serviceUrls = { course: url, degree: url, student: url };
  const settings = { ...config({}), serviceUrls, redisUrl: NO_REDIS, warmUp: false };
  const service = { ...options({}), logLevel: 'silent' as const, managementPort: undefined, tracing };
  const app = await createService(AppModule.from(settings), service);
  await openEdge(app);
  await app.listen(0, '127.0.0.1');
  if (!measured) await stopMeasuring(app);
  return { port: (app.getHttpServer().address() as AddressInfo).port };
});

/** Answers come from the memory of the edge; nobody listens there. */
const NO_REDIS = 'redis://127.0.0.1:1';

async function serveOrigin(): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'surrogate-key': 'courses',
    });
    response.end(PAGE);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function stopMeasuring(app: INestApplication): Promise<void> {
  const { RouteMeter } = await built<{ RouteMeter: { prototype: { record(): void } } }>(
    'apps/edge-gateway/dist/cached-reads/route-meter.js',
  );
  RouteMeter.prototype.record = () => undefined;
  // On the way of a cached read the clock is read for nothing else.
  Object.defineProperty(performance, 'now', { value: () => 0 });
  const { RuntimeMeters } = await built<{ RuntimeMeters: Type<RuntimeMeters> }>(
    'libs/platform/dist/metrics/runtime-meters.js',
  );
  app.get<RuntimeMeters>(RuntimeMeters, { strict: false }).onModuleDestroy();
}
