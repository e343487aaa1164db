// The closed model: keeps as many users active as the schedule says at this moment.

import type { Schedule } from '../profiles/schedule.js';
import type { Driver } from './driver.js';
import type { Recorder } from './recorder.js';
import { shareOf, type Share } from './share.js';
import type { VirtualUser } from './virtual-user.js';

/** A user is replaced by a fresh one of the same number when it comes back after a ramp down. */
export type CreateUser = (id: number, gone: (user: VirtualUser) => void) => VirtualUser;

export class ClosedDriver implements Driver {
  /** Active users in the order they came: the last to come is the first to go. */
  private readonly active: VirtualUser[] = [];
  private readonly leaving = new Set<VirtualUser>();
  private stopped = false;
  private lastMs = 0;
  readonly queued = 0;

  constructor(
    private schedule: Schedule,
    private readonly share: Share,
    private readonly recorder: Recorder,
    private readonly createUser: CreateUser,
  ) {}

  get users(): number {
    return this.active.length;
  }

  get inFlight(): number {
    return this.active.filter((user) => user.busy).length + this.leaving.size;
  }

  advance(elapsedMs: number): void {
    this.recorder.count('userMs', this.active.length * (elapsedMs - this.lastMs));
    this.lastMs = elapsedMs;
    if (!this.stopped) this.resize(Math.round(this.schedule.levelAt(elapsedMs)));
  }

  replan(schedule: Schedule): void {
    this.schedule = schedule;
  }

  stop(): void {
    this.stopped = true;
    this.resize(0);
  }

  get empty(): boolean {
    return this.active.length === 0 && this.leaving.size === 0;
  }

  abandon(): void {
    for (const user of [...this.leaving, ...this.active]) user.abandon();
    this.active.length = 0;
  }

  /** Brings this worker's part of `total` users about. */
  private resize(total: number): void {
    const mine = shareOf(total, this.share);
    while (this.active.length < mine) this.add(this.active.length * this.share.workers + this.share.worker);
    while (this.active.length > mine) this.retireLast();
  }

  private add(id: number): void {
    const user = this.createUser(id, (gone) => this.leaving.delete(gone));
    this.active.push(user);
    user.start();
  }

  private retireLast(): void {
    const last = this.active.pop();
    if (!last) return;
    this.leaving.add(last);
    last.retire();
  }
}
