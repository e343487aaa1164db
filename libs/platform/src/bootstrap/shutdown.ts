import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type INestApplication } from '@nestjs/common';
import { HealthRegistry } from '../actuator/health.registry.js';

/** In-flight requests get this long; Kubernetes kills after 30 s by default. */
const DRAIN_LIMIT_MS = 10_000;

/**
 * On SIGTERM or SIGINT: readiness fails, balancers get `delayMs` to notice, in-flight requests finish, then pools
 * close and the process ends by itself with 0, or with 1 where something still hangs after `DRAIN_LIMIT_MS`.
 */
export function shutDownGracefully(
  app: INestApplication,
  delayMs: number,
  alsoClose: () => Promise<void>,
): void {
  const logger = new Logger('Shutdown');
  let started = false;
  const shutDown = async (signal: string): Promise<void> => {
    // Ctrl-C reaches the whole process group and again through the task runner: the first one counts.
    if (started) return;
    started = true;
    logger.log(`${signal}: draining`);
    app.get(HealthRegistry).drain();
    setTimeout(() => process.exit(1), delayMs + DRAIN_LIMIT_MS).unref();
    await sleep(delayMs);
    await app.close();
    await alsoClose();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      shutDown(signal).catch((error: unknown) => {
        logger.error({ err: error }, 'shutdown failed');
        process.exit(1);
      });
    });
  }
}
