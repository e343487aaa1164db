/** A throw-away nginx. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Custody, freePort, startNginx, stopNginx } from '@flowchart/infra';

export interface TestNginx {
  readonly url: string;
  /** Holds all that it leaves; gone once it is stopped. */
  readonly scratch: string;
  stop(): Promise<void>;
}

/** Starts nginx with what `http` gives it for its `http` block, once it knows its port and a folder for its cache. */
export async function startTestNginx(
  http: (place: { port: number; cacheDir: string }) => string,
): Promise<TestNginx> {
  const scratch = await mkdtemp(join(tmpdir(), 'flowchart-nginx-'));
  // Started as root, it runs as another user, who has to get in.
  await chmod(scratch, 0o755);
  const custody = new Custody(scratch, { remove: [scratch] });
  const stop = async () => {
    await custody.stop('nginx');
    await custody.end();
    await rm(scratch, { recursive: true, force: true });
  };
  try {
    const [directory, port] = [join(scratch, 'nginx'), await freePort()];
    await startNginx({
      directory,
      port,
      http: http({ port, cacheDir: join(directory, 'cache') }),
      say: (line) => process.stderr.write(`${line}\n`),
      onLaunch: (process) => custody.keep({ name: 'nginx', process, steps: stopNginx }),
    });
    return { url: `http://127.0.0.1:${port}`, scratch, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
