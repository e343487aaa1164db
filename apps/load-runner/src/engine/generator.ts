// One worker's part of the load: its driver, its clock, and a report of each second.

import { performance } from 'node:perf_hooks';
import { journeyNames, type Stage } from '../profiles/schema.js';
import { Schedule } from '../profiles/schedule.js';
import { journeys } from '../users/journeys/index.js';
import { Random, streamSeed } from '../users/random.js';
import type { Journey } from '../users/step.js';
import { User } from '../users/user.js';
import type { CreateActor } from './actor.js';
import { Arrivals } from './arrivals.js';
import { ClosedDriver } from './closed-driver.js';
import { tokensFile } from '../config.js';
import { SessionCrowd } from '../sessions/session-crowd.js';
import { TokenFile } from '../sessions/token-file.js';
import { Crowd } from './crowd.js';
import type { Driver } from './driver.js';
import { FloodDriver } from './flood-driver.js';
import { JourneyActor } from './journey-actor.js';
import type { FromWorker, WorkerOrder } from './messages.js';
import { OpenDriver } from './open-driver.js';
import { ConnectionPool } from './pool.js';
import { Recorder } from './recorder.js';
import { shareOf } from './share.js';
import { ThreadHealthMonitor } from './thread-health.js';
import { TraceContext, traceWords } from './trace-context.js';
import { VirtualUser } from './virtual-user.js';

/** How often the driver looks at the schedule: a ramp of 50 users a second adds one each time. */
const tickMs = 20;

/** Each user's think times are one stream of chance; each of its journeys is another, so that an answer which changes one leaves the next as it was. */
const thinkStream = 0;
const firstJourneyStream = 1;

/** What the user of a number does: the journeys that the seed says, or something of a test's. */
export type Script = (id: number, seeded: () => Journey) => () => Journey;

export class Generator {
  private schedule: Schedule;
  readonly recorder: Recorder;
  private readonly driver: Driver;
  private readonly health = new ThreadHealthMonitor();
  private second = 0;
  private stopping = false;
  private stopDeadlineMs = Infinity;
  /** As last seen in this second. */
  private users = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly order: WorkerOrder,
    private readonly post: (message: FromWorker) => void,
    script: Script = (_id, seeded) => seeded,
  ) {
    this.schedule = new Schedule(order.profile.stages);
    this.recorder = new Recorder(order.profile.timeoutMs, order.seed);
    const createActor: CreateActor = (id) => new JourneyActor(script(id, this.journeysOf(id)), this.recorder);
    const drivers = {
      closed: () => this.closedDriver(createActor),
      open: () => this.openDriver(createActor),
      flood: () => this.floodDriver(),
    };
    this.driver = drivers[order.profile.model]();
  }

  start(): void {
    this.tick();
  }

  /** No new requests; what is under way may still be answered for as long as the profile allows. */
  stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.stopDeadlineMs = this.elapsedMs() + this.order.profile.gracefulStopMs;
    this.driver.stop();
  }

  /** From `atMs` on these stages; a ramp starts from the level reached by then. */
  replan(atMs: number, stages: readonly Stage[]): void {
    if (this.stopping) return;
    this.schedule = this.schedule.cutAt(atMs).followedBy(stages);
    this.driver.replan(this.schedule);
  }

  get inFlight(): number {
    return this.driver.inFlight;
  }

  private elapsedMs(): number {
    return performance.now() - this.startAtMs;
  }

  /** When the run starts, by this thread's clock. */
  private get startAtMs(): number {
    return this.order.startAtEpochMs - performance.timeOrigin;
  }

  private tick(): void {
    const elapsedMs = this.elapsedMs();
    this.drive(elapsedMs);
    const finished = this.stopping && this.driver.empty;
    if (finished || Math.floor(elapsedMs / 1000) > this.second) this.report(elapsedMs);
    if (finished) this.finish();
    else this.timer = setTimeout(() => this.tick(), untilNextTickMs(this.elapsedMs()));
  }

  private drive(elapsedMs: number): void {
    this.driver.advance(elapsedMs);
    if (elapsedMs >= this.schedule.durationMs) this.stop();
    if (!this.stopping) this.users = this.driver.users;
    else if (elapsedMs >= this.stopDeadlineMs) this.driver.abandon();
  }

  /** What came in since the last report belongs to the second that has just ended. */
  private report(elapsedMs: number): void {
    this.post({
      type: 'delta',
      delta: {
        worker: this.order.worker,
        second: this.second,
        users: this.users,
        inFlight: this.driver.inFlight,
        queued: this.driver.queued,
        health: this.health.drain(),
        ...this.recorder.drain(),
      },
    });
    this.second = Math.floor(elapsedMs / 1000);
    this.users = this.driver.users;
  }

  private finish(): void {
    clearTimeout(this.timer);
    this.health.stop();
    // Idle connections of the open model; users of the closed one have closed theirs.
    this.driver.abandon();
    this.post({ type: 'done', ledger: this.recorder.promises() });
  }

  private closedDriver(createActor: CreateActor): Driver {
    const { profile, seed } = this.order;
    const pool = this.pool(Infinity);
    return new ClosedDriver(this.schedule, this.order, this.recorder, (id, gone) => {
      const thinking = { time: profile.thinkTime, random: new Random(streamSeed(seed, id, thinkStream)) };
      return new VirtualUser(createActor(id), thinking, { pool, recorder: this.recorder, gone });
    });
  }

  private openDriver(createActor: CreateActor): Driver {
    const { profile, seed } = this.order;
    const { arrivals } = profile;
    // A worker without a connection could serve none of its arrivals.
    const limit = Math.max(1, shareOf(profile.maxInFlight, this.order));
    const load = {
      arrivals: new Arrivals(this.schedule, { arrivals, seed }, this.order),
      actors: this.sessionCrowd() ?? new Crowd(this.order, createActor),
      pool: this.pool(limit),
      maxQueue: shareOf(profile.maxQueue, this.order),
      startAtMs: this.startAtMs,
    };
    return new OpenDriver(load, this.recorder);
  }

  private pool(limit: number): ConnectionPool {
    const { profile, target, trace } = this.order;
    const { timeoutMs } = profile;
    return new ConnectionPool({
      ...{ target, timeoutMs, limit },
      ...(trace && { trace: new TraceContext(trace.sampleShare, traceWords(this.order)) }),
    });
  }

  /** Sessions made before the run, where the profile wants them instead of users who log in. */
  private sessionCrowd(): SessionCrowd | undefined {
    const { profile, seed, catalogue } = this.order;
    if (!profile.sessions) return undefined;
    const { count, tokens = tokensFile() } = profile.sessions;
    const sessions = { count, seed, tokens: TokenFile.open(tokens, count) };
    return new SessionCrowd(sessions, this.order, catalogue, this.recorder);
  }

  private floodDriver(): Driver {
    const { profile, target } = this.order;
    const options = { target, path: profile.flood.path, timeoutMs: profile.timeoutMs };
    return new FloodDriver(this.schedule, this.order, options, this.recorder);
  }

  private journeysOf(id: number): () => Journey {
    const { profile, seed, catalogue } = this.order;
    const user = new User(catalogue, profile.students, this.recorder);
    let stream = firstJourneyStream;
    return () => {
      user.random = new Random(streamSeed(seed, id, stream++));
      return this.chooseJourney(user);
    };
  }

  private chooseJourney(user: User): Journey {
    const weights = this.order.profile.journeys;
    let left = user.random.uniform() * journeyNames.reduce((sum, name) => sum + weights[name], 0);
    for (const name of journeyNames) {
      left -= weights[name];
      if (left < 0) return journeys[name](user);
    }
    return journeys.browse(user);
  }
}

/** Ticks keep to multiples of their period from the start on: an interval would drift, and seconds end up to a tick late. */
const untilNextTickMs = (elapsedMs: number): number =>
  Math.ceil((Math.floor(elapsedMs / tickMs) + 1) * tickMs - elapsedMs);
