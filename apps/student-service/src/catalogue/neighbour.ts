/** Another service's whole index, kept here as a copy. */
import {
  AppError,
  type AssertionSigner,
  KeptCopy,
  type Meters,
  platformErrors,
  ServiceClient,
} from '@flowchart/platform';
import type { z } from 'zod';

const TIMEOUT_MS = 2000;
/** Without events (Redis is away) audits and plans may be judged by rules that changed this long ago. */
const FRESH_MS = 2000;

export interface NeighbourOptions<S extends z.ZodType, T> {
  /** `course-service`, as it is called in errors. */
  readonly name: string;
  readonly baseUrl: string;
  readonly signer: AssertionSigner;
  readonly meters: Meters;
  readonly path: string;
  readonly schema: S;
  /** Arranges the answer for use, once per change. */
  readonly arrange: (index: z.output<S>) => T;
}

export class Neighbour<S extends z.ZodType, T> {
  private readonly client: ServiceClient;
  private readonly copy: KeptCopy<T>;

  constructor(private readonly options: NeighbourOptions<S, T>) {
    const { name, baseUrl, signer, meters, path } = options;
    this.client = new ServiceClient({ name, baseUrl, signer, meters, timeoutMs: TIMEOUT_MS });
    this.copy = new KeptCopy({
      client: this.client,
      path,
      freshMs: FRESH_MS,
      parse: (json) => this.read(json),
    });
  }

  /** Rejects with 503 only where there has never been a copy and the neighbour does not answer. */
  get(): Promise<T> {
    return this.copy.get();
  }

  /** The neighbour has told of a change: the next `get` asks for it. */
  expire(): void {
    this.copy.expire();
  }

  /** For health: whether the neighbour answers now. Any version will do, so that the answer has no body. */
  async check(): Promise<{ answer: number }> {
    const { status } = await this.client.call(this.options.path, { headers: { 'if-none-match': '*' } });
    if (status !== 304) throw new Error(`${this.options.path} answered ${status}`);
    return { answer: status };
  }

  close(): Promise<void> {
    return this.client.close();
  }

  private read(json: unknown): T {
    const { schema, name, arrange } = this.options;
    const parsed = schema.safeParse(json);
    if (parsed.success) return arrange(parsed.data);
    throw new AppError(
      platformErrors.DEPENDENCY_UNAVAILABLE,
      `${name} gave an answer that cannot be read. Try again shortly.`,
      { cause: parsed.error, headers: { 'retry-after': '1' } },
    );
  }
}
