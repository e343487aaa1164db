import { deadlineHeader, deadlineText, type Identity, identityHeader } from '@flowchart/contracts';
import {
  type AssertionSigner,
  exchange,
  exchangeInTrace,
  type ExchangeRequest,
  NoAnswer,
  requestContext,
  type Waiting,
} from '@flowchart/platform';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { orProblem, problemOf, type UpstreamAnswer } from './answer.js';
import { Protection, type ProtectionState } from './protection.js';
import type { CallMeter } from './upstream-meters.js';

export interface UpstreamCall extends ExchangeRequest {
  /** Template of `path`, for metrics. */
  readonly uri: string;
  /** In whose name the edge calls; nobody's where it is not given. */
  readonly identity?: Identity;
  /** How much of the time for the request has gone already. */
  readonly spentMs?: number;
  /** Given up as soon as this is closed. Not for writes: they are done or not whether somebody waits or not. */
  readonly waiting?: Waiting;
}

export interface UpstreamOptions {
  /** Named in errors: `course-service`. */
  readonly service: string;
  readonly baseUrl: string;
  /** A request's whole time, waiting for its turn included. */
  readonly timeoutMs: number;
  /** Calls at a time. */
  readonly connections: number;
  /** Calls that wait for their turn; more are refused. */
  readonly queue: number;
  readonly signer: AssertionSigner;
  readonly meter: CallMeter;
}

const CONNECT_TIMEOUT_MS = 1000;
const HEALTH_TIMEOUT_MS = 500;
/** So that the many who lost a connection at the same moment do not come back at the same moment. */
const RETRY_JITTER_MS = 50;

/**
 * One service behind the edge, called over kept-alive connections. A call ends in bounded time: with an answer below
 * 500, else with a problem of the edge's own, so that nothing of a service's inside gets out.
 */
export class Upstream {
  private readonly origin: string;
  private readonly pool: Pool;
  private readonly protection: Protection;

  constructor(private readonly options: UpstreamOptions) {
    const { baseUrl, connections, queue } = options;
    this.origin = new URL(baseUrl).origin;
    this.pool = new Pool(this.origin, {
      // One more than there are calls at a time: health is asked while all of them hang.
      connections: connections + 1,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // One deadline for all of a call is kept by `exchange`.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.protection = new Protection({ atOnce: connections, queue, timeoutMs: options.timeoutMs });
  }

  get service(): string {
    return this.options.service;
  }

  get state(): ProtectionState {
    return this.protection.state;
  }

  async call(call: UpstreamCall): Promise<UpstreamAnswer> {
    const startedMs = performance.now();
    const deadlineMs = startedMs + this.options.timeoutMs - (call.spentMs ?? 0);
    // Who waits for a turn is let in by another request, and would go on in that one's context.
    const within = requestContext.getStore();
    const ask = () => this.ask(call, deadlineMs);
    const answer = await this.protection
      .run(within ? () => requestContext.run(within, ask) : ask)
      .catch((error: unknown) => {
        this.options.meter.failed(call, error, startedMs);
        throw problemOf(error, this.options);
      });
    this.options.meter.answered(call, answer, startedMs);
    return orProblem(answer, this.service);
  }

  /** Asks the service for its own word; rejects when it is not ready. Again, as a kept-alive connection may be dead. */
  health(): Promise<{ ready: true }> {
    return this.readiness().catch(() => this.readiness());
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async readiness(): Promise<{ ready: true }> {
    const request = { method: 'GET', path: '/actuator/health/readiness', headers: {} } as const;
    const { status } = await exchange(this.pool, request, { timeoutMs: HEALTH_TIMEOUT_MS });
    if (status !== 200) throw new Error(`${this.service} is not ready (${status})`);
    return { ready: true };
  }

  private async ask(call: UpstreamCall, deadlineMs: number): Promise<UpstreamAnswer> {
    this.protection.budget.pay();
    const first = await this.attempt(call, deadlineMs).catch(orNoAnswer);
    if (isWorthAnother(call, first) && this.isPaidFor()) {
      await sleep(Math.random() * RETRY_JITTER_MS);
      return this.attempt(call, deadlineMs, 1);
    }
    if (first instanceof NoAnswer) throw first;
    return first;
  }

  private isPaidFor(): boolean {
    const paid = this.protection.budget.take();
    this.options.meter.retry(paid);
    return paid;
  }

  private attempt(call: UpstreamCall, deadlineMs: number, resends = 0): Promise<UpstreamAnswer> {
    const timeoutMs = deadlineMs - performance.now();
    const { origin } = this;
    const { method, path, uri, body, identity } = call;
    const headers = {
      ...call.headers,
      [identityHeader]: this.options.signer.sign(identity),
      [deadlineHeader]: deadlineText(timeoutMs),
    };
    const waiting = method === 'GET' ? call.waiting : undefined;
    const request = { method, origin, path, uri, headers, body, resends };
    return exchangeInTrace(this.pool, request, { timeoutMs, waiting });
  }
}

/** Whether asking again is safe and may help. */
function isWorthAnother({ method }: UpstreamCall, first: UpstreamAnswer | NoAnswer): boolean {
  if (!(first instanceof NoAnswer)) return method === 'GET' && first.status === 503;
  // Writing again may write twice, unless nothing was sent.
  return first.reason === 'connection' && (method === 'GET' || !first.sent);
}

/** Lets a missing answer be looked at; any other trouble stays what it is. */
function orNoAnswer(error: unknown): NoAnswer {
  if (error instanceof NoAnswer) return error;
  throw error;
}
