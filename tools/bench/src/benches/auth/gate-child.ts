/**
 * The gate of an edge in a process of its own, wired as the edge wires it, without the server around it: what HTTP costs
 * would be ten times what is measured.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Identity } from '@flowchart/contracts';
import { createService, type ServiceOptions } from '@flowchart/platform';
import type { DynamicModule, Type } from '@nestjs/common';
import { answerParent } from '../../child-module.js';
import type { AdmitOrder, Admitted, GateOrder, OpenOrder, Who } from './gate-messages.js';

interface Request {
  readonly headers: { readonly authorization?: string };
}
type Hook = (request: Request) => Promise<void>;
interface Gate {
  hook(route: { access: 'optional' | 'student' }): Hook;
}
interface EdgeSettings {
  readonly config: (env: object) => object;
  readonly options: (env: object) => ServiceOptions;
}
interface Sessions {
  open(identity: Identity): Promise<{ token: string }>;
}

const OPENED_TOGETHER = 500;

let hooks: Record<Who, Hook> | undefined;
let tokens: string[] = [];
let used = 0;

answerParent(async (order: GateOrder): Promise<Admitted | null> => {
  if ('admit' in order) return admit(order.admit);
  await open(order.open);
  return null;
});

/** Of the edge as it was built: a program is no library, so it is found by its place. */
const partOfEdge = <T>(path: string): Promise<T> =>
  import(new URL(`../../../../../apps/edge-gateway/dist/${path}`, import.meta.url).href) as Promise<T>;

async function open({ redisUrl, sessions: count }: OpenOrder['open']): Promise<void> {
  const { config, options } = await partOfEdge<EdgeSettings>('config.js');
  const { AppModule } = await partOfEdge<{ AppModule: { from(config: object): DynamicModule } }>(
    'app.module.js',
  );
  const { Gate } = await partOfEdge<{ Gate: Type<Gate> }>('sessions/gate.js');
  const { Sessions } = await partOfEdge<{ Sessions: Type<Sessions> }>('sessions/sessions.js');
  const module = AppModule.from({ ...config({}), redisUrl });
  const app = await createService(module, { ...options({}), logLevel: 'silent' });
  const gate = app.get(Gate);
  const closed = gate.hook({ access: 'student' });
  hooks = { nobody: gate.hook({ access: 'optional' }), one: closed, 'each once': closed };
  tokens = await openSessions(app.get(Sessions), count);
}

async function openSessions(sessions: Sessions, count: number): Promise<string[]> {
  const opened: string[] = [];
  while (opened.length < count) {
    const identity = {
      subject: crypto.randomUUID(),
      name: 'Ada Student',
      role: 'student',
      degreeCode: 'MSCS',
    } as const;
    const batch = Array.from({ length: OPENED_TOGETHER }, () => sessions.open(identity));
    for (const { token } of await Promise.all(batch)) opened.push(token);
  }
  return opened;
}

/** Rejects when somebody is not let in. */
async function admit({ who, requests, together }: AdmitOrder['admit']): Promise<Admitted> {
  const hook = hooks?.[who];
  if (!hook) throw new Error('the gate is not open yet');
  const made = Array.from({ length: requests }, () => requestOf(who));
  let next = 0;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: together }, async () => {
      for (let request = made[next++]; request; request = made[next++]) {
        await hook(request);
        await nextTurn();
      }
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: user + system };
}

function requestOf(who: Who): Request {
  if (who === 'nobody') return { headers: {} };
  const token = who === 'one' ? tokens[0] : tokens[++used];
  if (token === undefined) throw new Error(`all of the ${tokens.length} sessions were used`);
  // Made anew as a server makes it of the bytes that come in: not one string that is hashed already.
  return { headers: { authorization: Buffer.from(`Bearer ${token}`).toString('latin1') } };
}
