// One worker's part of the load: its users, its clock, and a report of each second.

import { performance } from 'node:perf_hooks';
import { journeyNames } from '../profiles/schema.js';
import { Schedule } from '../profiles/schedule.js';
import { journeys } from '../users/journeys/index.js';
import { Random, streamSeed } from '../users/random.js';
import type { Journey } from '../users/step.js';
import { User } from '../users/user.js';
import type { FromWorker, WorkerOrder } from './messages.js';
import { Population, type CreateUser } from './population.js';
import { Recorder } from './recorder.js';
import { ThreadHealthMonitor } from './thread-health.js';
import { VirtualUser } from './virtual-user.js';

/** How often users are added or sent home: a ramp of 50 users a second adds one each time. */
const tickMs = 20;

/** Each user's think times are one stream of chance; each of its journeys is another, so that an answer which changes one leaves the next as it was. */
const thinkStream = 0;
const firstJourneyStream = 1;

export class Generator {
  private readonly schedule: Schedule;
  readonly recorder: Recorder;
  private readonly population: Population;
  private readonly health = new ThreadHealthMonitor();
  private second = 0;
  private stopping = false;
  private stopDeadlineMs = Infinity;
  private lastTickMs = 0;
  /** Active users, as last seen in this second. */
  private users = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly order: WorkerOrder,
    private readonly post: (message: FromWorker) => void,
    createUser?: CreateUser,
  ) {
    this.schedule = new Schedule(order.profile.stages);
    this.recorder = new Recorder(order.profile.timeoutMs);
    this.population = new Population(order, createUser ?? ((id, gone) => this.createUser(id, gone)));
  }

  start(): void {
    this.timer = setInterval(() => this.tick(), tickMs);
  }

  /** No new requests; what is under way may still be answered for as long as the profile allows. */
  stop(): void {
    if (this.stopping) return;
    this.stopping = true;
    this.stopDeadlineMs = this.elapsedMs() + this.order.profile.gracefulStopMs;
    this.population.resize(0);
  }

  private elapsedMs(): number {
    return performance.timeOrigin + performance.now() - this.order.startAtEpochMs;
  }

  private tick(): void {
    const elapsedMs = this.elapsedMs();
    if (elapsedMs < 0 && !this.stopping) return;
    this.populate(elapsedMs);
    const finished = this.stopping && this.population.empty;
    if (finished || Math.floor(elapsedMs / 1000) > this.second) this.report(elapsedMs);
    if (finished) this.finish();
  }

  private populate(elapsedMs: number): void {
    this.recorder.count('userMs', this.population.size * (elapsedMs - this.lastTickMs));
    this.lastTickMs = elapsedMs;
    if (elapsedMs >= this.schedule.durationMs) this.stop();
    if (this.stopping) {
      if (elapsedMs >= this.stopDeadlineMs) this.population.abandonAll();
      return;
    }
    this.population.resize(Math.round(this.schedule.levelAt(elapsedMs)));
    this.users = this.population.size;
  }

  /** What came in since the last report belongs to the second that has just ended. */
  private report(elapsedMs: number): void {
    this.post({
      type: 'delta',
      delta: {
        worker: this.order.worker,
        second: this.second,
        users: this.users,
        inFlight: this.population.inFlight,
        health: this.health.drain(),
        ...this.recorder.drain(),
      },
    });
    this.second = Math.floor(elapsedMs / 1000);
    this.users = this.population.size;
  }

  private finish(): void {
    clearInterval(this.timer);
    this.health.stop();
    this.post({ type: 'done' });
  }

  private createUser(id: number, gone: (user: VirtualUser) => void): VirtualUser {
    const { profile, seed, target, catalogue } = this.order;
    const user = new User(catalogue, profile.students, this.recorder);
    let stream = firstJourneyStream;
    const script = {
      target,
      timeoutMs: profile.timeoutMs,
      thinkTime: profile.thinkTime,
      thinkRandom: new Random(streamSeed(seed, id, thinkStream)),
      nextJourney: () => {
        user.random = new Random(streamSeed(seed, id, stream++));
        return this.chooseJourney(user);
      },
    };
    return new VirtualUser(script, this.recorder, gone);
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
