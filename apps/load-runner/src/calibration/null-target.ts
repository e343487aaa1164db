// Starts and ends the null server's process.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { NullServerReport } from './null-server-process.js';

export class NullTarget {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<NullTarget> {
    const child = fork(new URL('./null-server-process.js', import.meta.url), { execArgv: [] });
    const { port } = await nextReport(child);
    return new NullTarget(child, `http://127.0.0.1:${port}`);
  }

  async report(): Promise<NullServerReport> {
    const report = nextReport(this.child);
    this.child.send('report');
    return report;
  }

  async stop(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }
}

async function nextReport(child: ChildProcess): Promise<NullServerReport> {
  const settled = new AbortController();
  const { signal } = settled;
  try {
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`the null server ended with ${String(code)}`);
    });
    const [report] = (await Promise.race([once(child, 'message', { signal }), ended])) as [NullServerReport];
    return report;
  } finally {
    settled.abort();
  }
}
