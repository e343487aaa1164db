import { deadlineHeader, deadlineText, identityHeader } from '@flowchart/contracts';
import { Pool } from 'undici';
import type { AssertionSigner } from '../auth/assertion.js';
import { AppError, platformErrors } from '../errors/app-error.js';
import { timeLeftMs } from './deadline.js';
import { exchange, type ExchangeAnswer, type ExchangeRequest } from './exchange.js';

const CONNECTIONS = 32;
const KEEP_ALIVE_MS = 30_000;

export interface ServiceClientOptions {
  /** Named in errors: `course-service`. */
  readonly name: string;
  readonly baseUrl: string;
  /** How long a call may take; less where whoever made the current request waits for less. */
  readonly timeoutMs: number;
  /** Says that it is us who call. */
  readonly signer: AssertionSigner;
}

export type ServiceAnswer = ExchangeAnswer;
export type ServiceCall = Partial<Omit<ExchangeRequest, 'path'>>;

/** Calls one other service over kept-alive connections; a call that gets no answer fails with 503 in bounded time. */
export class ServiceClient {
  private readonly pool: Pool;

  constructor(private readonly options: ServiceClientOptions) {
    this.pool = new Pool(new URL(options.baseUrl).origin, {
      connections: CONNECTIONS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectTimeout: options.timeoutMs,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  async call(path: string, { method = 'GET', headers = {}, body }: ServiceCall = {}): Promise<ServiceAnswer> {
    const { name, signer } = this.options;
    const timeoutMs = Math.min(this.options.timeoutMs, timeLeftMs());
    const own = { [identityHeader]: signer.sign(), [deadlineHeader]: deadlineText(timeoutMs) };
    try {
      return await exchange(
        this.pool,
        { method, path, headers: { ...headers, ...own }, body },
        { timeoutMs },
      );
    } catch (cause) {
      throw new AppError(
        platformErrors.DEPENDENCY_UNAVAILABLE,
        `${name} does not answer. Try again shortly.`,
        { cause, headers: { 'retry-after': '1' } },
      );
    }
  }

  async close(): Promise<void> {
    await this.pool.close();
  }
}
