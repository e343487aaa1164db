// The closed model: keeps as many users active as the schedule says at this moment.

import type { VirtualUser } from './virtual-user.js';

/** A user is replaced by a fresh one of the same number when it comes back after a ramp down. */
export type CreateUser = (id: number, gone: (user: VirtualUser) => void) => VirtualUser;

/** A worker plays every `workers`-th user, so that ramps are as smooth with many workers as with one. */
export interface Share {
  readonly worker: number;
  readonly workers: number;
}

export class Population {
  /** Active users in the order they came: the last to come is the first to go. */
  private readonly active: { id: number; user: VirtualUser }[] = [];
  private readonly leaving = new Set<VirtualUser>();

  constructor(
    private readonly share: Share,
    private readonly createUser: CreateUser,
  ) {}

  get size(): number {
    return this.active.length;
  }

  get inFlight(): number {
    return this.active.filter(({ user }) => user.busy).length + this.leaving.size;
  }

  /** Brings this worker's part of `total` users about. */
  resize(total: number): void {
    const { worker, workers } = this.share;
    const mine = Math.max(0, Math.ceil((total - worker) / workers));
    while (this.active.length < mine) this.add(this.active.length * workers + worker);
    while (this.active.length > mine) this.retireLast();
  }

  /** Whether every user has left. */
  get empty(): boolean {
    return this.active.length === 0 && this.leaving.size === 0;
  }

  /** Ends whoever is still waiting for an answer. */
  abandonAll(): void {
    for (const user of [...this.leaving, ...this.active.map((one) => one.user)]) user.abandon();
    this.active.length = 0;
  }

  private add(id: number): void {
    const user = this.createUser(id, (gone) => this.leaving.delete(gone));
    this.active.push({ id, user });
    user.start();
  }

  private retireLast(): void {
    const last = this.active.pop();
    if (!last) return;
    this.leaving.add(last.user);
    last.user.retire();
  }
}
