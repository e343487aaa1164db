/** The whole system under test: started in order, watched, stopped in order. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { callerEnvironment, readInfraConfig, type InfraConfig } from './config.js';
import { Custody } from './custody.js';
import { makeDirectory } from './database-home.js';
import { startDatabases, stopDatabases, type RunningPart } from './databases.js';
import { InfraError } from './infra-error.js';
import { executeAbandonedWills } from './last-will.js';
import { launch, logTail, setAside } from './launch.js';
import { withLock } from './lock.js';
import { requireFreePort } from './ports.js';
import { endsWithin, isRunning, sendSignal, type StopStep } from './processes.js';
import { becomesReady } from './readiness.js';
import { writeJson } from './records.js';
import { requireBuilt, serviceParts, type StackPart } from './stack-parts.js';

export interface StackOptions {
  /** What the services are started with; the caller's own environment unless given. */
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (line: string) => void;
  /** Gives up a start that is under way. */
  readonly signal?: AbortSignal;
  /** The four services unless given. */
  readonly parts?: readonly StackPart[];
  readonly readyLimitMs?: number;
}

const READY_LIMIT_MS = 120_000;
const WATCH_EVERY_MS = 500;
const stopService: readonly StopStep[] = [{ signal: 'SIGTERM', waitMs: 10_000 }];

/** Starts databases and services and waits until every service is ready; a failed start leaves nothing behind. */
export async function startStack(options: StackOptions = {}): Promise<RunningStack> {
  const env = options.env ?? callerEnvironment();
  const config = readInfraConfig(env);
  const parts = options.parts ?? serviceParts(config);
  await requireBuilt(parts);
  await makeDirectory(config.infraDir);
  const stack = new RunningStack({ ...options, env, parts }, config);
  await stack.start();
  return stack;
}

type FullOptions = StackOptions & Required<Pick<StackOptions, 'env' | 'parts'>>;

export class RunningStack {
  readonly #running = new Map<string, RunningPart>();
  readonly #custody: Custody;
  readonly #stackFile: string;
  readonly #startedAt = new Date().toISOString();
  #watch: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: FullOptions,
    private readonly config: InfraConfig,
  ) {
    this.#stackFile = join(config.infraDir, 'stack.json');
    this.#custody = new Custody(config.infraDir, { remove: [this.#stackFile] });
  }

  get parts(): readonly RunningPart[] {
    return [...this.#running.values()];
  }

  async start(): Promise<void> {
    await this.#locked(async () => {
      try {
        await executeAbandonedWills(this.config.infraDir);
        for (const { port, variable } of this.options.parts) await requireFreePort(port, variable);
        await this.#startDatabases();
        await Promise.all(this.options.parts.map(({ name }) => setAside(this.#logFile(name))));
        await this.#startServices();
      } catch (error) {
        await this.#stopAll();
        throw error;
      }
    });
    this.#watch = setInterval(() => this.#tellWhoEnded(), WATCH_EVERY_MS).unref();
  }

  /** Services first, each with the time to finish what it does; then the databases. */
  async stop(): Promise<void> {
    clearInterval(this.#watch);
    await this.#locked(() => this.#stopAll());
  }

  /** Stops a part where it still runs, and starts it again; done when it is ready. */
  async restart(name: string): Promise<void> {
    const service = this.options.parts.find((part) => part.name === name);
    this.#running.delete(name);
    await this.#locked(async () => {
      await this.#custody.stop(name);
      await (service === undefined ? this.#startDatabases() : this.#startService(service));
    });
  }

  /** Sends a signal to a part and, where that ends it, waits until it is gone. */
  async kill(name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const part = this.#running.get(name);
    if (part === undefined)
      throw new InfraError(`${name} does not run; ${[...this.#running.keys()].join(', ')} do`);
    // From now on its end is expected.
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.#running.delete(name);
    sendSignal(part.process, signal);
    if (signal === 'SIGKILL') await endsWithin(part.process, READY_LIMIT_MS);
  }

  async #startDatabases(): Promise<void> {
    const { signal } = this.options;
    const databases = await startDatabases({
      config: this.config,
      custody: this.#custody,
      say: this.#say,
      signal,
    });
    for (const part of databases) this.#started(part);
  }

  /** Side by side. When one fails the others are given up, and none is still on its way when this returns. */
  async #startServices(): Promise<void> {
    const failure = new AbortController();
    const { signal = failure.signal } = this.options;
    const either = AbortSignal.any([signal, failure.signal]);
    const starts = this.options.parts.map(async (part) => {
      try {
        await this.#startService(part, either);
      } catch (error) {
        failure.abort(error);
        throw error;
      }
    });
    await Promise.allSettled(starts);
    await Promise.all(starts);
  }

  async #startService(part: StackPart, signal = this.options.signal): Promise<void> {
    const { env, readyLimitMs = READY_LIMIT_MS } = this.options;
    const begin = Date.now();
    const logFile = this.#logFile(part.name);
    const process = await launch({ ...part, logFile, env: { ...env, ...part.env } });
    await this.#custody.keep({ name: part.name, process, port: part.port, steps: stopService });
    const worthwhile = () => isRunning(process);
    if (!(await becomesReady({ port: part.port, limitMs: readyLimitMs, worthwhile, signal }))) {
      const trouble = isRunning(process)
        ? `was not ready within ${readyLimitMs / 1000} s`
        : 'ended while it started';
      throw new InfraError(`${part.name} ${trouble}. Its log ends:\n${await logTail(logFile)}`);
    }
    this.#say(`${part.name} ready on port ${part.port} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    this.#started({ name: part.name, process, port: part.port });
  }

  #started(part: RunningPart): void {
    this.#running.set(part.name, part);
    writeJson(this.#stackFile, {
      startedAt: this.#startedAt,
      parts: this.parts.map(({ name, process, port }) => ({ name, pid: process.pid, port })),
    });
  }

  async #stopAll(): Promise<void> {
    await Promise.all(this.options.parts.map(({ name }) => this.#custody.stop(name)));
    await stopDatabases(this.#custody);
    await rm(this.#stackFile, { force: true });
    await this.#custody.end();
    this.#running.clear();
  }

  #tellWhoEnded(): void {
    for (const { name, process } of this.parts) {
      if (isRunning(process)) continue;
      this.#running.delete(name);
      this.#say(`${name} (process ${process.pid}) ended unexpectedly; its log: ${this.#logFile(name)}`);
    }
  }

  #logFile(name: string): string {
    const { infraDir } = this.config;
    const isService = this.options.parts.some((part) => part.name === name);
    return isService ? join(infraDir, 'logs', `${name}.log`) : join(infraDir, `${name}.log`);
  }

  readonly #say = (line: string): void => this.options.onProgress?.(line);

  #locked<T>(action: () => Promise<T>): Promise<T> {
    return withLock(this.config.infraDir, action, { say: this.#say });
  }
}
