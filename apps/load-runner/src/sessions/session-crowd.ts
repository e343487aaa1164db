// A million sessions as actors: who is next comes from a permutation, how far each is from one byte, its token from a file.

import type { Actor, ActorSource } from '../engine/actor.js';
import type { Exchange } from '../engine/exchange.js';
import { shareOf, type Share } from '../engine/share.js';
import type { Catalogue } from '../users/catalogue.js';
import { endpoint, type Endpoint } from '../users/endpoint.js';
import type { Step, Tally } from '../users/step.js';
import { Permutation } from './permutation.js';
import type { TokenFile } from './token-file.js';

/** What a student looks at, one after the other and from the first again; a session begins where its number says. */
const reads: readonly { readonly what: Endpoint; readonly path: (about: About) => string }[] = [
  { what: endpoint('getAuthStatus'), path: plainPath('getAuthStatus') },
  { what: endpoint('getProfile'), path: plainPath('getProfile') },
  { what: endpoint('listCourses'), path: plainPath('listCourses') },
  { what: endpoint('getTranscript'), path: plainPath('getTranscript') },
  { what: endpoint('getCourseByCode'), path: ({ course }) => `/courses/code/${course.code}` },
  { what: endpoint('getAudit'), path: plainPath('getAudit') },
  { what: endpoint('getPrerequisites'), path: ({ course }) => `/courses/${course.id}/prerequisites` },
  { what: endpoint('getPlan'), path: plainPath('getPlan') },
];

interface About {
  readonly course: Catalogue['courses'][number];
}

function plainPath(name: string): () => string {
  const { path } = endpoint(name);
  return () => path;
}

const alive = Buffer.from('"authenticated":true');
const nothing: readonly number[] = [];

/** One bit of a session's byte: it has a request under way. The others count its requests, up to 127 and then from 1 again. */
const busyBit = 0x80;
const mostRequests = 0x7f;

export interface SessionTally extends Tally {
  count(name: 'sessionsUsed' | 'loginsRepeated' | 'planConflicts'): void;
}

export class SessionCrowd implements ActorSource {
  private readonly order: Permutation;
  /** By place in the order, counted within this worker's share of the places. */
  private readonly states: Uint8Array;
  private readonly free: SessionActor[] = [];
  private readonly tokens: TokenFile;
  private cursor = 0;

  constructor(
    sessions: { readonly count: number; readonly seed: number; readonly tokens: TokenFile },
    private readonly share: Share,
    private readonly catalogue: Catalogue,
    private readonly tally: SessionTally,
  ) {
    this.order = new Permutation(sessions.count, sessions.seed);
    this.states = new Uint8Array(Math.max(1, shareOf(sessions.count, share)));
    this.tokens = sessions.tokens;
  }

  /** The next in the order; one that still waits for an answer is passed over, unless all do. */
  next(): Actor {
    let place = this.advance();
    for (let passed = 1; passed < this.states.length && (this.state(place) & busyBit) !== 0; passed++) {
      place = this.advance();
    }
    if (this.state(place) === 0) this.tally.count('sessionsUsed');
    this.states[place] = this.state(place) | busyBit;
    const actor = this.free.pop() ?? new SessionActor(this);
    actor.place = place;
    return actor;
  }

  giveBack(actor: Actor): void {
    if (!(actor instanceof SessionActor)) return;
    const done = this.state(actor.place) & mostRequests;
    this.states[actor.place] = done === mostRequests ? 1 : done + 1;
    this.free.push(actor);
  }

  step(place: number): Step {
    const session = this.order.at((place * this.share.workers + this.share.worker) % this.order.count);
    const done = this.state(place) & mostRequests;
    const read = reads[(session + done) % reads.length];
    const course = this.catalogue.courses[(session + done) % this.catalogue.courses.length];
    if (!read || !course) throw new Error('there is nothing to read');
    return {
      endpoint: read.what,
      path: read.path({ course }),
      headers: `Authorization: Bearer ${this.tokens.token(session)}\r\n`,
      alsoExpected: nothing,
      think: false,
    };
  }

  settled(exchange: Exchange): void {
    if (exchange.step.endpoint === reads[0]?.what && exchange.expected)
      this.tally.check('the session is live', exchange.includes(alive));
  }

  private state(place: number): number {
    return this.states[place] ?? 0;
  }

  private advance(): number {
    const place = this.cursor;
    this.cursor = (place + 1) % this.states.length;
    return place;
  }
}

/** As many as there are requests under way; each stands for one session after another. */
class SessionActor implements Actor {
  place = 0;

  constructor(private readonly crowd: SessionCrowd) {}

  step(): Step {
    return this.crowd.step(this.place);
  }

  settled(exchange: Exchange): void {
    this.crowd.settled(exchange);
  }
}
