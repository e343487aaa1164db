/** The load-runner's null server: it answers at next to no cost and counts, so every generator is counted by the same hand. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BenchError } from '../../bench-error.js';
import { folders } from '../../config.js';
import type { Pinning } from '../../measure/pinning.js';

const program = new URL('apps/load-runner/dist/calibration/null-server-process.js', folders.workspaceUrl);

export class NullServer {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(pinning: Pinning): Promise<NullServer> {
    const child = fork(program, { execArgv: [] });
    const { port } = await nextReport(child);
    pinning.pin(child.pid as number, 'server');
    return new NullServer(child, `http://127.0.0.1:${port}`);
  }

  /** Requests answered up to now, and its own CPU. */
  report(): Promise<Report> {
    const report = nextReport(this.child);
    this.child.send('report');
    return report;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

interface Report {
  readonly port: number;
  readonly answered: number;
  readonly cpuUs: number;
}

async function nextReport(child: ChildProcess): Promise<Report> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const ended = once(child, 'exit', { signal }).then(() => {
      throw new BenchError('the null server ended unexpectedly: is the load-runner built?');
    });
    const [report] = (await Promise.race([once(child, 'message', { signal }), ended])) as [Report];
    return report;
  } finally {
    settled.abort();
  }
}
