/** Requests that arrive whether or not those before them were answered: what a rush of people is. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Outcome, PatientConnection } from './patient-connection.js';

export interface Rush {
  readonly host: string;
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  /** Clients that are connected already; more connect when all are waiting. */
  readonly connected: number;
  /** Whoever has waited so long hangs up; an answer after that is worth nothing. */
  readonly giveUpMs: number;
  /** Asked for ten times a second, each time over a connection of its own, as an orchestrator's probe does. */
  readonly probe: string;
}

export interface RushResult {
  readonly offered: number;
  /** Answered as wanted, and in time. */
  readonly good: number;
  readonly refused: number;
  readonly late: number;
  /** Other answers, and connections that the server closed. */
  readonly failed: number;
  /** From when a request was due; of the good ones. */
  readonly latenciesMs: readonly number[];
  /** A probe that got no answer counts as long as it waited. */
  readonly probesMs: readonly number[];
  /** How far behind its own schedule the generator was, at worst. */
  readonly behindMs: number;
  readonly clientCpuUs: number;
}

const TICK_MS = 1;
const HANG_UP_EVERY_MS = 20;
const PROBE_EVERY_MS = 100;
const PROBE_LIMIT_MS = 3000;
const MAX_CONNECTIONS = 8000;
/** Few enough at once for a server to accept them as they come. */
const CONNECTED_AT_ONCE = 50;
const REFUSED = 503;

/** Makes `rush` with what `next` gives as requests, in order. */
export async function makeRush(rush: Rush, next: () => Uint8Array): Promise<RushResult> {
  const crowd = new Crowd(rush);
  const hangUps = setInterval(() => crowd.hangUp(performance.now()), HANG_UP_EVERY_MS);
  try {
    await crowd.gather(rush.connected);
    const cpu = process.cpuUsage();
    const over = new AbortController();
    const probing = probe(rush, over.signal);
    const counts = await arrive(rush, crowd, next);
    over.abort();
    const { user, system } = process.cpuUsage(cpu);
    return { ...counts, probesMs: await probing, clientCpuUs: user + system };
  } finally {
    clearInterval(hangUps);
    crowd.disperse();
  }
}

/** Sends each request when it is due and waits for the outcome of the last. */
async function arrive(rush: Rush, crowd: Crowd, next: () => Uint8Array) {
  const { perSecond, seconds, giveUpMs } = rush;
  const total = Math.round(perSecond * seconds);
  const counts = { offered: total, good: 0, refused: 0, late: 0, failed: 0, behindMs: 0 };
  const latenciesMs: number[] = [];
  const beganAtMs = performance.now();
  let ended = 0;
  const end = (dueAtMs: number, outcome: Outcome): void => {
    ended++;
    const tookMs = performance.now() - dueAtMs;
    const kind = kindOf(outcome, tookMs <= giveUpMs);
    counts[kind]++;
    if (kind === 'good') latenciesMs.push(tookMs);
  };
  for (let sent = 0; ended < total; await sleep(TICK_MS)) {
    const nowMs = performance.now();
    for (; sent < total; sent++) {
      const dueAtMs = beganAtMs + (sent * 1000) / perSecond;
      if (dueAtMs > nowMs) break;
      counts.behindMs = Math.max(counts.behindMs, nowMs - dueAtMs);
      crowd.ask(next(), dueAtMs + giveUpMs, (outcome) => end(dueAtMs, outcome));
    }
  }
  return { ...counts, latenciesMs };
}

function kindOf(outcome: Outcome, inTime: boolean): 'good' | 'refused' | 'late' | 'failed' {
  if (outcome === 'late') return 'late';
  if (outcome === 'lost') return 'failed';
  if (outcome.status === REFUSED) return 'refused';
  if (outcome.status !== 200) return 'failed';
  return inTime ? 'good' : 'late';
}

async function probe({ host, port, probe }: Rush, over: AbortSignal): Promise<number[]> {
  const tookMs: number[] = [];
  const request = Buffer.from(`GET ${probe} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
  while (!over.aborted) {
    const beganAtMs = performance.now();
    const crowd = new Crowd({ host, port });
    const timer = setTimeout(() => crowd.hangUp(Infinity), PROBE_LIMIT_MS);
    await new Promise<Outcome>((resolve) => crowd.ask(request, Infinity, resolve));
    clearTimeout(timer);
    crowd.disperse();
    tookMs.push(performance.now() - beganAtMs);
    await sleep(PROBE_EVERY_MS);
  }
  return tookMs;
}

/** All connections of the clients, those that wait and those that may be used. */
class Crowd {
  readonly #all = new Set<PatientConnection>();
  readonly #idle: PatientConnection[] = [];

  constructor(private readonly target: { readonly host: string; readonly port: number }) {}

  async gather(count: number): Promise<void> {
    for (let from = 0; from < count; from += CONNECTED_AT_ONCE) {
      const connections = Array.from({ length: CONNECTED_AT_ONCE }, () => this.#connect());
      await Promise.all(connections.map((connection) => this.#greet(connection)));
    }
  }

  ask(request: Uint8Array, giveUpAtMs: number, ended: (outcome: Outcome) => void): void {
    const connection = this.#anIdleOne() ?? (this.#all.size < MAX_CONNECTIONS ? this.#connect() : undefined);
    if (connection === undefined) return ended('lost');
    connection.ask(request, giveUpAtMs, (outcome) => {
      if (typeof outcome === 'object') this.#idle.push(connection);
      ended(outcome);
    });
  }

  hangUp(nowMs: number): void {
    for (const connection of this.#all) connection.hangUpIfLate(nowMs);
  }

  disperse(): void {
    for (const connection of this.#all) connection.close();
  }

  #anIdleOne(): PatientConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection === undefined || connection.usable) return connection;
    }
  }

  #connect(): PatientConnection {
    const connection = new PatientConnection(this.target, (closed) => this.#all.delete(closed));
    this.#all.add(connection);
    return connection;
  }

  /** A first request, so that the server knows the connection as a kept-alive one. */
  #greet(connection: PatientConnection): Promise<void> {
    const request = Buffer.from(
      `GET /actuator/health/liveness HTTP/1.1\r\nhost: ${this.target.host}\r\n\r\n`,
    );
    return new Promise((resolve) => {
      connection.ask(request, Infinity, () => {
        this.#idle.push(connection);
        resolve();
      });
    });
  }
}
