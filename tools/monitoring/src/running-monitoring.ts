/** The monitoring without Docker: started in order, watched, stopped in order. */
import { join } from 'node:path';
import {
  Custody,
  databaseHome,
  executeAbandonedWills,
  InfraError,
  makeDataDirectory,
  requireFreePort,
  stopPackagedServer,
  withLock,
  type ProcessIdentity,
} from '@flowchart/infra';
import { monitoringPorts, type MonitoringConfig, type MonitoringPort } from './config.js';
import { copyConfiguration, targetsOf, writeTargets } from './configuration.js';
import { monitoringParts, type MonitoringPart } from './parts.js';

export interface MonitoringOptions {
  readonly config: MonitoringConfig;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
  /** The files in use, where they are not the repository's. */
  readonly files?: string;
  /** All of them unless given; Prometheus is always among them. */
  readonly only?: readonly MonitoringPort[];
}

export interface RunningPart {
  readonly name: MonitoringPort;
  readonly title: string;
  readonly process: ProcessIdentity;
}

export interface RunningMonitoring {
  readonly parts: readonly RunningPart[];
  stop(): Promise<void>;
}

/** Starts what is available and says what is not; rejects where a port is taken or Prometheus cannot be had. */
export async function startMonitoring(options: MonitoringOptions): Promise<RunningMonitoring> {
  const { config, say } = options;
  const { directory, account } = await databaseHome(config.directory);
  const configuration = join(directory, 'configuration');
  const parts = monitoringParts(config, configuration).filter(
    ({ name }) => options.only?.includes(name) ?? true,
  );
  const custody = new Custody(directory);
  const locked = <T>(action: () => Promise<T>) => withLock(directory, action, { say });
  const running: RunningPart[] = [];
  const stopAll = async (): Promise<void> => {
    for (const { name } of running.toReversed()) await custody.stop(name);
    await custody.end();
  };
  await locked(async () => {
    await executeAbandonedWills(directory);
    await requirePorts(parts, config);
    await copyConfiguration(configuration, options.files);
    await makeDataDirectory(configuration, account);
    try {
      for (const part of parts) {
        options.signal?.throwIfAborted();
        const started = new Set([...running.map(({ name }) => name), part.name]);
        await writeTargets(configuration, targetsOf(config, started));
        const process = await startPart(part, { ...options, directory, custody });
        if (process) running.push({ name: part.name, title: part.title, process });
      }
    } catch (error) {
      await stopAll();
      throw error;
    }
  });
  return { parts: running, stop: () => locked(stopAll) };
}

async function requirePorts(parts: readonly MonitoringPart[], { ports }: MonitoringConfig): Promise<void> {
  for (const name of parts.flatMap(({ listens }) => listens))
    await requireFreePort(ports[name], monitoringPorts[name].variable);
}

/** Undefined where it cannot be had: the others are worth having without it, save without Prometheus. */
async function startPart(
  part: MonitoringPart,
  { config, directory, custody, say }: MonitoringOptions & { directory: string; custody: Custody },
): Promise<ProcessIdentity | undefined> {
  const { name, title } = part;
  const port = config.ports[name];
  try {
    const process = await part.start({
      directory: join(directory, name),
      port,
      say,
      onLaunch: (launched) => custody.keep({ name, process: launched, steps: stopPackagedServer }),
    });
    say(`${title}: http://127.0.0.1:${port}`);
    return process;
  } catch (error) {
    await custody.stop(name);
    const reason = error instanceof Error ? error.message : String(error);
    if (name === 'prometheus') throw new InfraError(`No monitoring without Prometheus: ${reason}`);
    say(`${title} is not available: ${reason}`);
    return undefined;
  }
}
