import { identityHeader } from '@flowchart/contracts';
import { Agent, request } from 'undici';
import type { AssertionSigner } from '../auth/assertion.js';
import { AppError, platformErrors } from '../errors/app-error.js';

const CONNECTIONS_PER_SERVICE = 32;
const KEEP_ALIVE_MS = 30_000;

export interface ServiceClientOptions {
  /** Named in errors: `course-service`. */
  readonly name: string;
  readonly baseUrl: string;
  readonly timeoutMs: number;
  /** Says that it is us who call. */
  readonly signer: AssertionSigner;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface ServiceCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Calls one other service over kept-alive connections; a call that gets no answer fails with 503 in bounded time. */
export class ServiceClient {
  private readonly agent: Agent;

  constructor(private readonly options: ServiceClientOptions) {
    const { timeoutMs } = options;
    this.agent = new Agent({
      connections: CONNECTIONS_PER_SERVICE,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectTimeout: timeoutMs,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
  }

  async call(path: string, { method = 'GET', headers = {}, body }: ServiceCall = {}): Promise<ServiceAnswer> {
    const { baseUrl, name, signer } = this.options;
    try {
      const answer = await request(`${baseUrl}${path}`, {
        method,
        headers: { ...headers, [identityHeader]: signer.sign() },
        body: body ?? null,
        dispatcher: this.agent,
      });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: Buffer.from(await answer.body.arrayBuffer()),
      };
    } catch (cause) {
      throw new AppError(
        platformErrors.DEPENDENCY_UNAVAILABLE,
        `${name} does not answer. Try again shortly.`,
        {
          cause,
          headers: { 'retry-after': '1' },
        },
      );
    }
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}
