import type { IncomingMessage, ServerResponse } from 'node:http';
import { httpServerRequests, type HttpSeries, Meters, recordAnswered, Tracing } from '@flowchart/platform';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../../config.js';
import type { FrontAnswer } from '../../routing/front.js';
import { ConcurrencyLimit } from './concurrency-limit.js';
import { LoopDelay } from './loop-delay.js';
import { refuse } from './refusal.js';

const WINDOW_MS = 100;
/** So many are always let in: that costs little, and shows when it has become quicker again. */
const MIN_IN_FLIGHT = 20;
/** A thousand users who wait for the same page are no overload; more than this in one process cannot be served. */
const MAX_IN_FLIGHT = 2000;

const LOGIN_PATH = '/auth/login';

/** Requests of one kind, and what of the limit they may use. */
interface RequestClass {
  readonly name: string;
  readonly share: number;
  refused: { eventLoop: number; queue: number };
}

const requestClass = (name: string, share: number): RequestClass => ({
  name,
  share,
  refused: { eventLoop: 0, queue: 0 },
});

/**
 * Turns requests away before all become slow. Stored answers went out already and health is never counted, so what is
 * left has three classes: who is logged in is in the middle of something, and a refusal loses it; whoever is not can come
 * a moment later; a login brings more work, so it is the first to go. A token is not verified here: a made-up one gets no
 * further than the gate, which costs little.
 *
 * Logins are not counted among the requests under way: a password takes its time on purpose and waits for it in a queue
 * of its own (`Upstreams.logins`), so that a storm of them says nothing about how busy everything else is.
 */
@Injectable()
export class Shedder implements OnApplicationShutdown {
  private readonly enabled: boolean;
  private readonly limit: ConcurrencyLimit;
  private readonly loop = new LoopDelay();
  private readonly timer: NodeJS.Timeout;
  private readonly session = requestClass('session', 1);
  private readonly anonymous = requestClass('anonymous', 0.75);
  private readonly login = requestClass('login', 0.5);
  private readonly series: HttpSeries;

  constructor(
    @Inject(EDGE_CONFIG) { shedding }: EdgeConfig,
    meters: Meters,
    private readonly tracing: Tracing,
  ) {
    this.enabled = shedding.enabled;
    this.limit = new ConcurrencyLimit({
      targetMs: shedding.targetMs,
      min: MIN_IN_FLIGHT,
      max: MAX_IN_FLIGHT,
    });
    this.timer = setInterval(() => this.limit.decide(performance.now()), WINDOW_MS);
    this.timer.unref();
    this.series = httpServerRequests(meters);
    this.measure(meters);
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
    this.loop.stop();
  }

  /** Answers what there is no room for: by `standIn`, which has something older, else with 503. */
  answering(standIn: FrontAnswer): FrontAnswer {
    if (!this.enabled) return () => false;
    return (request, response) => {
      if (isWatching(request)) return false;
      const kind = this.classOf(request);
      if (this.limit.hasRoom(kind.share)) {
        if (kind !== this.login) this.follow(response);
        return false;
      }
      if (!standIn(request, response)) this.turnAway(kind, request, response);
      return true;
    };
  }

  private classOf({ url, headers }: IncomingMessage): RequestClass {
    if ((url as string).startsWith(LOGIN_PATH)) return this.login;
    return headers.authorization === undefined ? this.anonymous : this.session;
  }

  private follow(response: ServerResponse): void {
    this.limit.begin();
    const begunAtMs = performance.now();
    response.once('close', () => {
      this.limit.end();
      const tookMs = performance.now() - begunAtMs + this.loop.delayMs;
      const { writableFinished } = response;
      if (succeeded(response) || tookMs > this.limit.targetMs) {
        this.limit.learn(begunAtMs, tookMs, writableFinished);
      }
    });
  }

  private turnAway(kind: RequestClass, request: IncomingMessage, response: ServerResponse): void {
    kind.refused[this.loop.delayMs * 2 > this.limit.targetMs ? 'eventLoop' : 'queue']++;
    refuse(request, response);
    this.series(request.method as string, 'UNKNOWN', 503).record(0);
    if (this.tracing.on) recordAnswered(this.tracing, { request, status: 503, startedMs: performance.now() });
  }

  private measure(meters: Meters): void {
    meters.countOf(
      { name: 'edge.shed', description: 'Requests turned away', tags: ['class', 'reason'] },
      () =>
        [this.session, this.anonymous, this.login].flatMap(({ name, refused }) =>
          Object.entries(refused).map(([reason, value]) => ({ tags: { class: name, reason }, value })),
        ),
    );
    meters.gauge(
      { name: 'edge.inflight', description: 'Requests under way behind the hot path', baseUnit: 'requests' },
      () => this.limit.inFlight,
    );
    meters.gauge(
      { name: 'edge.inflight.limit', description: 'How many there may be', baseUnit: 'requests' },
      () => this.limit.limit,
    );
  }
}

/** Who looks after the edge has to see it, most of all when it is busy. */
const isWatching = ({ url }: IncomingMessage): boolean => (url as string).startsWith('/actuator/');

/** Refusals are quick for reasons of their own, and so is whoever hangs up at once; late is late, whatever the reason. */
const succeeded = ({ statusCode, writableFinished }: ServerResponse): boolean =>
  writableFinished && statusCode < 400;
