/** `infra:stack`: a command with the whole system under it. */
import { once } from 'node:events';
import { runBin, stopSignal } from './bin.js';
import { Command } from './command.js';
import { readInfraConfig } from './config.js';
import { makeDirectory } from './database-home.js';
import { executeAbandonedWills } from './last-will.js';
import { withLock } from './lock.js';
import { PortTakenError } from './ports.js';
import { becomesReady, readinessStatus } from './readiness.js';
import { controlStack, type StackControl } from './stack-control.js';
import { startStack, type RunningStack } from './running-stack.js';

const HELP = `
Runs a command with the whole system under it: databases and the four services.

  npx nx run infra:stack                                  until Ctrl-C
  npx node tools/infra/dist/stack.js -- <command> [...]   until the command ends, with its exit code

A stack that answers already is used and left running. Otherwise one is started, output of its services in
.infra/logs, and stopped after the command. While it runs, .infra/stack.json tells its processes and ports.

Variables
  EDGE_PORT, COURSE_SERVICE_PORT, DEGREE_SERVICE_PORT, STUDENT_SERVICE_PORT
                              where the services listen (9000 to 9003)
  and those of infra:serve    npx node tools/infra/dist/serve.js --help
`;
const OTHERS_LIMIT_MS = 120_000;
/** What an edge that is not ready yet answers. */
const STARTING = 503;
const KEEP_ALIVE_MS = 60_000;

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

await runBin(HELP, async (args) => {
  const command = args[0] === '--' ? args.slice(1) : args;
  let running: Command | undefined;
  const signal = stopSignal((received) => running?.send(received));
  const { infraDir, services } = readInfraConfig();
  await makeDirectory(infraDir);
  // A stack whose supervisor was killed may still answer, but nobody would ever stop it.
  await withLock(infraDir, () => executeAbandonedWills(infraDir), { say });
  const stack = await stackOn(services.at(-1)?.port, signal);
  let control: StackControl | undefined;
  try {
    if (command.length === 0) return await untilStopped(signal, stack);
    signal.throwIfAborted();
    control = stack && (await controlStack(stack));
    running = await Command.start(command, infraDir, { FLOWCHART_STACK_CONTROL: control?.url });
    return await running.ended();
  } finally {
    control?.close();
    await stack?.stop();
  }
});

/** Ours, or undefined where one that somebody else started answers at the edge. */
async function stackOn(edgePort: number | undefined, signal: AbortSignal): Promise<RunningStack | undefined> {
  if (await othersAnswer(edgePort, signal)) return undefined;
  try {
    return await startStack({ onProgress: say, signal });
  } catch (error) {
    // Two that started at the same time: the other one was first, and is up by now.
    if (error instanceof PortTakenError && (await othersAnswer(edgePort, signal))) return undefined;
    throw error;
  }
}

async function othersAnswer(port: number | undefined, signal: AbortSignal): Promise<boolean> {
  const status = port && (await readinessStatus(port));
  if (!port || !(status === 200 || status === STARTING)) return false;
  if (status === STARTING) say(`waiting for the stack that starts on port ${port}`);
  if (!(await becomesReady({ port, limitMs: OTHERS_LIMIT_MS, worthwhile: () => true, signal }))) return false;
  say(`using the stack that runs on port ${port}`);
  return true;
}

async function untilStopped(signal: AbortSignal, stack: RunningStack | undefined): Promise<number> {
  if (stack === undefined) return 0;
  say('the stack is up; Ctrl-C stops it');
  const alive = setInterval(() => undefined, KEEP_ALIVE_MS);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(alive);
  return 0;
}
