// Flood: plain autocannon on so many connections, as fast as the target answers; for "how much at most" and nothing else.

import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import type { Autocannon, Instance } from 'autocannon';
import type Client from 'autocannon/lib/httpClient.js';
import type { Schedule } from '../profiles/schedule.js';
import { floodEndpoint } from '../users/endpoint.js';
import type { Step } from '../users/step.js';
import type { Target } from './connection.js';
import type { Driver } from './driver.js';
import { Exchange, type Outcome } from './exchange.js';
import type { Recorder } from './recorder.js';
import { shareOf, type Share } from './share.js';

export interface FloodOptions {
  readonly target: Target;
  /** Path and query that every request asks for. */
  readonly path: string;
  readonly timeoutMs: number;
}

/** Loaded when a flood begins: all its tables and progress bars would cost every other run its memory. */
const load = (): Autocannon => createRequire(import.meta.url)('autocannon') as Autocannon;
/** autocannon looks at its own stop sign this often. */
const stopTickMs = 100;
/** The schedule ends a flood, not autocannon's clock: a day is longer than any run. */
const longerThanAnyRunSeconds = 86_400;

/**
 * Never with a rate: autocannon's rates burst at the top of each second, and its correction of latencies under a rate is
 * wrong. What it tells of each answer is its status, its bytes and its service time; what it does not tell (how long
 * connecting and sending took, which requests a closing connection lost) is in no figure. After a connection error
 * autocannon pairs that connection's answers with earlier requests: a flood with errors has doubtful latencies.
 */
export class FloodDriver implements Driver {
  private running: Instance | undefined;
  private connections = 0;
  private stopped = false;
  private lastMs = 0;
  private readonly exchange = new Exchange();
  private readonly step: Step;
  readonly queued = 0;

  constructor(
    private schedule: Schedule,
    private readonly share: Share,
    private readonly options: FloodOptions,
    private readonly recorder: Recorder,
  ) {
    this.step = { endpoint: floodEndpoint, path: options.path, headers: '', alsoExpected: [], think: false };
  }

  get users(): number {
    return this.connections;
  }

  get inFlight(): number {
    return this.connections;
  }

  get empty(): boolean {
    return this.running === undefined;
  }

  advance(elapsedMs: number): void {
    this.recorder.count('userMs', this.connections * (elapsedMs - this.lastMs));
    this.lastMs = elapsedMs;
    if (!this.stopped) this.resize(this.connectionsAt(elapsedMs));
  }

  replan(schedule: Schedule): void {
    this.schedule = schedule;
  }

  stop(): void {
    this.stopped = true;
    this.running?.stop();
  }

  abandon(): void {
    // autocannon drops what is under way by itself, a tenth of a second after `stop` at the latest.
  }

  /** A flood has a fixed number of connections: a stage begins with its own at once, whatever its ramp. */
  private connectionsAt(elapsedMs: number): number {
    const phase = this.schedule.phases.find(({ fromMs, toMs }) => elapsedMs >= fromMs && elapsedMs < toMs);
    return shareOf(phase?.level ?? 0, this.share);
  }

  /** One flood ends before the next begins, or for a moment there would be the connections of both. */
  private resize(connections: number): void {
    if (connections === this.connections) return;
    if (this.running) this.running.stop();
    else if (connections > 0) this.begin(connections);
  }

  private begin(connections: number): void {
    const { target, path, timeoutMs } = this.options;
    this.connections = connections;
    this.running = load()(
      {
        url: `http://${target.authority}${target.basePath}${path}`,
        connections,
        duration: longerThanAnyRunSeconds,
        sampleInt: stopTickMs,
        timeout: Math.max(1, Math.ceil(timeoutMs / 1000)),
        headers: { accept: 'application/json' },
        setupClient: (client) => this.listen(client),
      },
      () => this.ended(),
    );
  }

  private ended(): void {
    // Each connection had a request under way when it was destroyed.
    this.recorder.count('censored', this.connections);
    this.running = undefined;
    this.connections = 0;
  }

  private listen(client: Client): void {
    const bytesSent = client.getRequestBuffer().length;
    client.on('request', () => {
      this.recorder.count('offered');
      this.recorder.count('started');
    });
    client.on('response', (status: number, bytesReceived: number, serviceMs: number) =>
      this.settle('answered', { serviceMs, status, bytesReceived, bytesSent }),
    );
    client.on('timeout', () => this.settle('timeout', { serviceMs: this.options.timeoutMs, bytesSent }));
    client.on('connError', ({ code }: NodeJS.ErrnoException) =>
      this.settle(code === 'ECONNREFUSED' ? 'refused' : code === 'ECONNRESET' ? 'reset' : 'unreachable', {}),
    );
  }

  private settle(outcome: Outcome, told: Told): void {
    const { exchange } = this;
    const now = performance.now();
    exchange.begin(this.step, now - (told.serviceMs ?? 0));
    exchange.startedAt = exchange.sentAt = exchange.wantedAt;
    exchange.status = told.status ?? 0;
    exchange.bytesReceived = told.bytesReceived ?? 0;
    exchange.bytesSent = told.bytesSent ?? 0;
    exchange.end(outcome, now);
    this.recorder.settled(exchange, 'service time only');
  }
}

/** What autocannon says of a request that has ended. */
interface Told {
  readonly serviceMs?: number;
  readonly status?: number;
  readonly bytesReceived?: number;
  readonly bytesSent?: number;
}
