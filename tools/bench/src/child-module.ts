/** A module of ours in a process of its own, which answers one message at a time and never outlives us. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { BenchError } from './bench-error.js';
import type { Pinning, Side } from './measure/pinning.js';

const built = new URL('../dist/', import.meta.url);

type Reply<T> = { readonly result: T } | { readonly error: string };

export interface ChildModuleOptions {
  /** Its path below `dist`: a process of its own runs what was built, also when this file runs from its source. */
  readonly module: string;
  /** Named in what it says of its failures. */
  readonly name: string;
  readonly pinning: Pinning;
  readonly side: Side;
}

export class ChildModule {
  private constructor(
    private readonly child: ChildProcess,
    private readonly name: string,
    readonly pid: number,
  ) {}

  static async start({ module, name, pinning, side }: ChildModuleOptions): Promise<ChildModule> {
    const child = fork(new URL(module, built), {
      serialization: 'advanced',
      execArgv: [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await once(child, 'spawn');
    const pid = child.pid as number;
    pinning.pin(pid, side);
    return new ChildModule(child, name, pid);
  }

  /** Sends a message and waits for the reply to it. */
  async ask<Result>(message: object, signal?: AbortSignal): Promise<Result> {
    const settled = new AbortController();
    const either = AbortSignal.any([settled.signal, ...(signal ? [signal] : [])]);
    try {
      this.child.send(message);
      const reply = once(this.child, 'message', { signal: either }) as Promise<[Reply<Result>]>;
      const ended = once(this.child, 'exit', { signal: either }).then(([code, killedBy]) => {
        throw new BenchError(`${this.name} ended unexpectedly (${killedBy ?? `code ${code}`})`);
      });
      const [answer] = await Promise.race([reply, ended]);
      if ('error' in answer) throw new BenchError(`${this.name}: ${answer.error}`);
      return answer.result;
    } finally {
      settled.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exit;
  }
}

/** In the child: answers each message of the parent with what `handle` makes of it. */
export function answerParent<Message, Result>(handle: (message: Message) => Promise<Result>): void {
  process.on('message', (message: Message) => {
    handle(message).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: (error as Error).message }),
    );
  });
  process.on('disconnect', () => process.exit());
  // Ctrl-C reaches the whole group of processes; the parent ends us when it has tidied up.
  process.on('SIGINT', () => undefined);
}
