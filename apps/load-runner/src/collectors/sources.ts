// Decides who is asked about a target: all parts of a stack on this machine, else only what the target tells of itself.

import { embeddedPostgres } from '@flowchart/contracts';
import type { SystemSettings } from '../config.js';
import { parseTarget } from '../engine/run.js';
import { isLoopback } from '../loopback.js';
import { ActuatorCollector, fetchText } from './actuator.js';
import type { Collector } from './collector.js';
import { MachineCollector } from './machine.js';
import { PostgresCollector, Statements } from './postgres.js';
import { ProcessCollector } from './proc.js';
import { RedisCollector } from './redis.js';
import { StackFile } from './stack-file.js';

export interface Sources {
  readonly collectors: readonly Collector[];
  readonly statements: readonly Statements[];
  /** The target is on this machine, so that the machine's figures are its own. */
  readonly sameMachine: boolean;
  /** Whom nobody can be asked about, and why. */
  readonly missing: readonly string[];
}

const stores = new Set(['postgres', 'redis']);
const onLinux = process.platform === 'linux';

export async function findSources(baseUrl: string, settings: SystemSettings): Promise<Sources> {
  const file = new StackFile(settings.stackFile);
  const stack = file.serves(baseUrl) ? file : undefined;
  const sameMachine = isLoopback(parseTarget(baseUrl).hostname);
  const postgres = postgresServers(settings, stack);
  const redis = settings.redisUrl ?? localUrl(stack, 'redis');
  return {
    collectors: [
      ...(stack ? fromStack(stack) : [await fromTarget(baseUrl)]),
      ...(onLinux ? [new MachineCollector()] : []),
      ...postgres.map(({ part, url }) => new PostgresCollector(part, url)),
      ...(redis === undefined ? [] : [new RedisCollector('redis', redis)]),
    ],
    statements: postgres.map(({ url, ours }) => new Statements(url, ours)),
    sameMachine,
    missing: [
      ...blindSpots(baseUrl, { stack, sameMachine }),
      ...(postgres.length > 0 ? [] : ['Postgres: its address is not known; DATABASE_URL may tell it.']),
      ...(redis === undefined ? ['Redis: its address is not known; REDIS_URL may tell it.'] : []),
    ],
  };
}

interface Place {
  readonly stack: StackFile | undefined;
  readonly sameMachine: boolean;
}

const blindSpots = (baseUrl: string, { stack, sameMachine }: Place): string[] => [
  ...(onLinux ? [] : ['The machine and its processes: only Linux tells of them in /proc.']),
  ...(stack
    ? []
    : [`Processes: no stack of this workspace serves ${baseUrl}, so only its own metrics are known.`]),
  ...(sameMachine ? [] : ['The target’s machine: the figures of the machine are those of the generator’s.']),
];

function fromStack(stack: StackFile): Collector[] {
  return stack
    .parts()
    .flatMap(({ name, port }) => [
      ...(onLinux ? [new ProcessCollector(name, () => stack.find(name)?.pid)] : []),
      ...(stores.has(name)
        ? []
        : [
            new ActuatorCollector({ part: name, address: `http://127.0.0.1:${port}`, withProcess: !onLinux }),
          ]),
    ]);
}

/** Under the name that it gives itself. */
async function fromTarget(baseUrl: string): Promise<Collector> {
  const address = new URL(baseUrl).origin;
  return new ActuatorCollector({ part: await nameOf(address), address, withProcess: true });
}

async function nameOf(address: string): Promise<string> {
  try {
    const info = JSON.parse(await fetchText(`${address}/actuator/info`)) as { app?: { name?: unknown } };
    const name = info.app?.name;
    return typeof name === 'string' && /^[\w-]+$/.test(name) ? name : 'target';
  } catch {
    return 'target';
  }
}

interface PostgresServer {
  readonly part: string;
  readonly url: string;
  readonly ours: boolean;
}

/** One for each server; several databases of a server share its views. */
function postgresServers(settings: SystemSettings, stack: StackFile | undefined): PostgresServer[] {
  const own = localUrl(stack, 'postgres');
  if (settings.databaseUrls.length === 0)
    return own === undefined ? [] : [{ part: 'postgres', url: own, ours: true }];
  const servers = new Map(settings.databaseUrls.map((url) => [new URL(url).host, url]));
  return [...servers.values()].map((url, index) => ({
    part: index === 0 ? 'postgres' : `postgres-${index + 1}`,
    url,
    ours: false,
  }));
}

/** With the settings that the stack gives to servers of its own. */
function localUrl(stack: StackFile | undefined, name: 'postgres' | 'redis'): string | undefined {
  const port = stack?.find(name)?.port;
  if (port === undefined) return undefined;
  const { user, password, databases } = embeddedPostgres;
  return name === 'redis'
    ? `redis://127.0.0.1:${port}`
    : `postgres://${user}:${password}@127.0.0.1:${port}/${databases.course}`;
}
