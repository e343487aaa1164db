import { type Identity, identityHeader } from '@flowchart/contracts';
import { AppError, type AssertionSigner, type Meters, platformErrors } from '@flowchart/platform';
import {
  BrokenCircuitError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConsecutiveBreaker,
  handleType,
} from 'cockatiel';
import { type Dispatcher, Pool } from 'undici';
import { edgeErrors } from '../errors.js';

export interface UpstreamCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
  /** In whose name the edge calls; nobody's where it is not given. */
  readonly identity?: Identity;
}

/** What a service answered, other than a fault of its own. */
export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: Buffer;
}

export interface UpstreamOptions {
  /** Named in errors: `course-service`. */
  readonly name: string;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  readonly signer: AssertionSigner;
}

const CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 1000;
const HEALTH_TIMEOUT_MS = 500;
/** So many calls in a row without an answer: then callers are told at once, and one call a second tries again. */
const FAILURES_TO_BREAK = 5;
const BREAK_MS = 1000;

/** The service gave no answer at all: the connection failed, or time ran out. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';

  constructor(
    readonly timedOut: boolean,
    cause: unknown,
  ) {
    super('no answer', { cause });
  }
}

/**
 * One service behind the edge, called over kept-alive connections. A call ends in bounded time: with an answer below
 * 500, else with a problem of the edge's own, so that nothing of a service's inside gets out.
 */
export class Upstream {
  private readonly pool: Pool;
  private readonly breaker: CircuitBreakerPolicy;

  constructor(private readonly options: UpstreamOptions) {
    this.pool = new Pool(new URL(options.baseUrl).origin, {
      connections: CONNECTIONS,
      connectTimeout: CONNECT_TIMEOUT_MS,
      // One deadline for all of a call, the wait for a connection too, is kept by a signal instead.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.breaker = circuitBreaker(handleType(NoAnswer), {
      halfOpenAfter: BREAK_MS,
      breaker: new ConsecutiveBreaker(FAILURES_TO_BREAK),
    });
  }

  get name(): string {
    return this.options.name;
  }

  get circuit(): CircuitState {
    return this.breaker.state;
  }

  async call(call: UpstreamCall): Promise<UpstreamAnswer> {
    // While one call finds out whether the service is back, the others need not wait for the verdict.
    if (this.circuit === CircuitState.HalfOpen) throw this.unavailable();
    try {
      return this.orProblem(await this.breaker.execute(() => this.ask(call)));
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw this.unavailable(error);
      if (!(error instanceof NoAnswer)) throw error;
      throw error.timedOut ? this.tooSlow(error) : this.unavailable(error);
    }
  }

  /** Asks the service for its own word; rejects when it is not ready. Again, as a kept-alive connection may be dead. */
  health(): Promise<{ ready: true }> {
    return this.readiness().catch(() => this.readiness());
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async readiness(): Promise<{ ready: true }> {
    const { statusCode, body } = await this.pool.request({
      method: 'GET',
      path: '/actuator/health/readiness',
      signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`${this.name} is not ready (${statusCode})`);
    return { ready: true };
  }

  private async ask(call: UpstreamCall): Promise<UpstreamAnswer> {
    const signal = AbortSignal.timeout(this.options.timeoutMs);
    try {
      return await this.request(call, signal);
    } catch (error) {
      // A kept-alive connection may die under a request: reading again is safe, writing again may write twice.
      if (call.method !== 'GET' || signal.aborted) throw new NoAnswer(signal.aborted, error);
    }
    try {
      return await this.request(call, signal);
    } catch (error) {
      throw new NoAnswer(signal.aborted, error);
    }
  }

  private async request(
    { method, path, headers, body, identity }: UpstreamCall,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    const answer = await this.pool.request({
      method,
      path,
      headers: { ...headers, [identityHeader]: this.options.signer.sign(identity) },
      body: body ?? null,
      signal,
    });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: Buffer.from(await answer.body.arrayBuffer()),
    };
  }

  private orProblem(answer: UpstreamAnswer): UpstreamAnswer {
    if (answer.status < 500) return answer;
    if (answer.status === 503) throw this.unavailable(undefined, headerOf(answer, 'retry-after'));
    throw new AppError(
      edgeErrors.SERVICE_FAILED,
      `${this.name} failed. The request id finds it in the logs.`,
      {
        cause: new Error(`${this.name} answered ${answer.status}`),
      },
    );
  }

  private unavailable(cause?: unknown, retryAfter = '1'): AppError {
    return new AppError(
      platformErrors.DEPENDENCY_UNAVAILABLE,
      `${this.name} does not answer. Try again shortly.`,
      { cause, headers: { 'retry-after': retryAfter } },
    );
  }

  private tooSlow(cause: unknown): AppError {
    const { timeoutMs } = this.options;
    return new AppError(
      edgeErrors.SERVICE_TIMEOUT,
      `${this.name} did not answer within ${timeoutMs} ms. Try again shortly.`,
      { cause, headers: { 'retry-after': '1' } },
    );
  }
}

/** The first value of a header of an answer. */
export function headerOf(answer: UpstreamAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** `resilience.circuitbreaker.state` of all upstreams: 0 closed, 1 open, 2 half open. */
export function measureCircuits(meters: Meters, upstreams: readonly Upstream[]): void {
  meters.gauge(
    {
      name: 'resilience.circuitbreaker.state',
      description: 'State of the circuit to a service: 0 closed, 1 open, 2 half open',
      tags: ['name'],
    },
    () => upstreams.map(({ name, circuit }) => ({ tags: { name }, value: circuit })),
  );
}
