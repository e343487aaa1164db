/** `bench:generator`: what a request costs the load-runner with all its figures, plain autocannon, and Locust where it is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, BenchContext } from '../../bench.js';
import { BenchError } from '../../bench-error.js';
import { folders } from '../../config.js';
import { treeCpuUs } from '../../measure/process-cpu.js';
import { measureRounds, type Contestant, type Sample } from '../../measure/rounds.js';
import type { Report, Target } from '../../report/report.js';
import { NullServer } from './null-server.js';

const OURS = 'load-runner';
const PLAIN = 'autocannon';
const LOCUST = 'locust';
const CONNECTIONS = 64;
/** Every generator compiles its code, opens its connections and, ours, looks at the target first. */
const SETTLE_MS = 4000;
/** Longer than any measurement: each generator is ended when its window is over. */
const FOREVER_SECONDS = 600;

export const generator: Bench = {
  name: 'generator',
  summary: 'CPU per request of the load-runner against plain autocannon (P12)',
  description:
    'The load-runner with all figures for each endpoint, plain autocannon and, with --locust, Locust send as fast as they ' +
    `can over ${CONNECTIONS} connections to a server that answers at next to no cost and counts. CPU is that of all the ` +
    'processes of a generator: threads, collectors and progress included.',
  defaultSeconds: 4,
  pinned: true,
  addOptions: (command) =>
    command.option(
      '--locust <program>',
      'also measure Locust: path of its program, say in a virtual environment',
    ),
  run: measureGenerators,
};

async function measureGenerators(context: BenchContext): Promise<Report> {
  const { cleanUp, pinning, say, options } = context;
  const server = await NullServer.start(pinning);
  cleanUp.defer(() => server.stop());
  const locust = options['locust'] as string | undefined;
  const commands = {
    [OURS]: [process.execPath, ...ours(server.url, context.seed)],
    [PLAIN]: [process.execPath, ...plain(server.url)],
    ...(locust !== undefined && { [LOCUST]: [locust, ...locustArguments(server.url)] }),
  };
  const contestants = Object.entries(commands).map(([name, command]): Contestant => {
    return { name, measure: () => measure(name, command, server, context) };
  });
  const rounds = await measureRounds(contestants, { ...context, onProgress: say });
  return {
    comparisons: [
      {
        title: `Generators on one core, ${CONNECTIONS} connections, small answers`,
        reference: PLAIN,
        contestants: contestants.map(({ name }) => name),
        metrics: [
          { key: 'cpuUsPerRequest', label: 'CPU µs', digits: 1, compared: true },
          { key: 'requestsPerSecond', label: 'requests/s', digits: 0, compared: true },
          { key: 'busyPercent', label: 'busy %', digits: 0, compared: false },
          { key: 'serverBusyPercent', label: 'server busy %', digits: 0, compared: false },
        ],
        rounds,
        targets: locust === undefined ? [asPlain] : [asPlain, belowLocust],
      },
    ],
    notes: [
      'the load-runner keeps service and response time of every endpoint, the parts of each, checks and errors, and ' +
        'plays journeys; autocannon asks for one page and keeps whole milliseconds for all requests together.',
      'autocannon 9 is installed as it comes; its one process is the generator, as ours is main and worker thread.',
    ],
  };
}

const asPlain: Target = {
  id: 'P12',
  contestant: OURS,
  metric: 'cpuUsPerRequest',
  over: PLAIN,
  atMost: 1.3,
};
const belowLocust: Target = {
  id: 'P12',
  contestant: OURS,
  metric: 'cpuUsPerRequest',
  over: LOCUST,
  atMost: 0.25,
};

const profiles = join(folders.workspace, 'tools/bench/profiles');

const ours = (url: string, seed: number): string[] => [
  ...[join(folders.workspace, 'apps/load-runner/dist/main.js'), 'run', join(profiles, 'generator.yaml')],
  ...['--base-url', url, '--users', String(CONNECTIONS), '--workers', '1', '--seed', String(seed)],
];

const plain = (url: string): string[] => [
  join(folders.workspace, 'node_modules/autocannon/autocannon.js'),
  ...[
    '--connections',
    String(CONNECTIONS),
    '--duration',
    String(FOREVER_SECONDS),
    '--no-progress',
    `${url}/courses`,
  ],
];

const locustArguments = (url: string): string[] => [
  ...['--locustfile', join(profiles, 'generator-locust.py'), '--headless', '--only-summary', '--host', url],
  ...['--users', String(CONNECTIONS), '--spawn-rate', String(CONNECTIONS)],
];

async function measure(
  name: string,
  [program = '', ...args]: readonly string[],
  server: NullServer,
  { seconds, signal, pinning, cleanUp }: BenchContext,
): Promise<Sample> {
  // A session of its own: Ctrl-C is not to make it write a report.
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  const exit = once(child, 'exit');
  exit.catch(() => undefined);
  await once(child, 'spawn');
  const pid = child.pid as number;
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exit;
  };
  cleanUp.defer(end);
  pinning.pin(pid, 'client');
  await sleep(SETTLE_MS, undefined, { signal });
  const before = { ...(await server.report()), clientCpuUs: treeCpuUs([pid]), atMs: performance.now() };
  await sleep(seconds * 1000, undefined, { signal });
  const after = { ...(await server.report()), clientCpuUs: treeCpuUs([pid]), atMs: performance.now() };
  if (child.exitCode !== null) throw new BenchError(`${name} ended by itself, with ${child.exitCode}`);
  await end();
  const answered = after.answered - before.answered;
  if (answered === 0) throw new BenchError(`${name} was not answered once`);
  const windowUs = (after.atMs - before.atMs) * 1000;
  const clientUs = after.clientCpuUs - before.clientCpuUs;
  return {
    cpuUsPerRequest: clientUs / answered,
    requestsPerSecond: (answered / windowUs) * 1e6,
    busyPercent: (clientUs / windowUs) * 100,
    serverBusyPercent: ((after.cpuUs - before.cpuUs) / windowUs) * 100,
  };
}
