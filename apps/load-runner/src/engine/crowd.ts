// Users for the open model: whoever has been free for longest goes on with its journey; when nobody is free, somebody new comes.

import type { Actor, ActorSource, CreateActor } from './actor.js';
import { Fifo } from './fifo.js';
import type { Share } from './share.js';

/** Grows to the highest number of requests that were under way at once: a slower system sees more users, as in life. */
export class Crowd implements ActorSource {
  private readonly free = new Fifo<Actor>();
  private created = 0;

  constructor(
    private readonly share: Share,
    private readonly create: CreateActor,
  ) {}

  next(): Actor {
    return this.free.shift() ?? this.create(this.created++ * this.share.workers + this.share.worker);
  }

  giveBack(actor: Actor): void {
    this.free.push(actor);
  }
}
