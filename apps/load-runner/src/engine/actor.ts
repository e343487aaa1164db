// Who makes requests: an actor knows its next step and learns what came of the last; the drivers decide when.

import type { Step } from '../users/step.js';
import type { Exchange } from './exchange.js';

/** Makes one request at a time. */
export interface Actor {
  /** Its next request: its time has come. */
  step(): Step;
  /** What became of it. The answer's bytes are let go of afterwards. */
  settled(exchange: Exchange): void;
}

/** Where the open driver finds somebody for each arrival. */
export interface ActorSource {
  /** Who makes the next request; nobody else gets the same one until it is given back. */
  next(): Actor;
  giveBack(actor: Actor): void;
}

/** The actor of a number, as it is at first. */
export type CreateActor = (id: number) => Actor;
