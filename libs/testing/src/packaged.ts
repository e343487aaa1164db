/** Throw-away servers of the operating system's packages. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Custody,
  freePort,
  startInfluxdb,
  startNginx,
  startPrometheus,
  stopPackagedServer,
  type PackagedServerOptions,
} from '@flowchart/infra';

export interface TestServer {
  readonly url: string;
  /** Holds all that it leaves; gone once it is stopped. */
  readonly scratch: string;
  stop(): Promise<void>;
}

/** Starts nginx with what `http` gives it for its `http` block, once it knows its port and a folder for its cache. */
export const startTestNginx = (
  http: (place: { port: number; cacheDir: string }) => string,
): Promise<TestServer> =>
  start('nginx', (options) =>
    startNginx({
      ...options,
      http: http({ port: options.port, cacheDir: join(options.directory, 'cache') }),
    }),
  );

/** An empty InfluxDB 1.x. */
export const startTestInfluxdb = (): Promise<TestServer> =>
  start('influxdb', async (options) => startInfluxdb({ ...options, rpcPort: await freePort() }));

/** An empty Prometheus that takes remote writes, and scrapes `targets` (`host:port`) each second. */
export const startTestPrometheus = (
  targets: readonly string[] = [],
  metricsPath = '/metrics',
): Promise<TestServer> =>
  start('prometheus', (options) => startPrometheus({ ...options, targets, metricsPath }));

async function start(
  name: string,
  launch: (options: PackagedServerOptions) => Promise<unknown>,
): Promise<TestServer> {
  const scratch = await mkdtemp(join(tmpdir(), `flowchart-${name}-`));
  // Started as root, it runs as another user, who has to get in.
  await chmod(scratch, 0o755);
  const custody = new Custody(scratch, { remove: [scratch] });
  const stop = async () => {
    await custody.stop(name);
    await custody.end();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const port = await freePort();
    await launch({
      directory: join(scratch, name),
      port,
      say: (line) => process.stderr.write(`${line}\n`),
      onLaunch: (process) => custody.keep({ name, process, steps: stopPackagedServer }),
    });
    return { url: `http://127.0.0.1:${port}`, scratch, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
