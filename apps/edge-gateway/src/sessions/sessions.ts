import { randomBytes } from 'node:crypto';
import { RecentMap } from '@flowchart/cache';
import { SingleFlight } from '@flowchart/kernel';
import { HealthRegistry } from '@flowchart/platform';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { SessionStore } from './session-store.js';

/** A session as this process last saw it. */
export interface Session {
  readonly id: string;
  readonly subject: string;
  /** It lives until then at least; another request makes it longer. */
  readonly expiresAtMs: number;
}

interface Seen extends Session {
  readonly checkedAtMs: number;
  readonly extendedAtMs: number;
}

/** A logout elsewhere shows here within a second: this, and the time that asking Redis takes. */
const BELIEVED_MS = 900;
/** A busy session is extended this often at most. */
const EXTENDED_EVERY_MS = 30_000;
/** After a failure Redis is left alone for so long, so that one that hangs does not hold up every request. */
const STORE_PAUSE_MS = 1000;
/** One late answer of a busy machine does not mean that Redis is away: then tokens would be taken at their word. */
const STORE_ATTEMPTS = 2;
/** About 200 bytes each. */
const REMEMBERED_SESSIONS = 100_000;
const ID_BYTES = 16;
const HANDED_OVER_AT_ONCE = 500;

/**
 * Sessions that live half an hour beyond their last request, in Redis for all edges, with a short memory in front.
 *
 * Without Redis nobody is turned away who has a token of ours: sessions go on, new ones are opened here, those that
 * end are remembered, and all of it is handed over when Redis is back.
 */
@Injectable()
export class Sessions {
  private readonly logger = new Logger(Sessions.name);
  private readonly seen = new RecentMap<string, Seen>(REMEMBERED_SESSIONS);
  private readonly ended = new RecentMap<string, true>(REMEMBERED_SESSIONS);
  /** What Redis has yet to be told. */
  private readonly unsaved = new RecentMap<string, string>(REMEMBERED_SESSIONS);
  private readonly unremoved = new RecentMap<string, true>(REMEMBERED_SESSIONS);
  private readonly checks = new SingleFlight<Session | null>();
  private readonly ttlMs: number;
  private storePausedUntilMs = 0;
  private degraded = false;

  constructor(
    private readonly store: SessionStore,
    @Inject(EDGE_CONFIG) { sessionTtlSeconds }: EdgeConfig,
    health: HealthRegistry,
  ) {
    this.ttlMs = sessionTtlSeconds * 1000;
    store.onReachable(() => void this.handOver());
    health.add({
      name: 'sessions',
      critical: false,
      check: async () => ({ keptIn: store.reachable ? 'redis' : 'memory', unsaved: this.unsaved.size }),
    });
  }

  async open(subject: string): Promise<Session> {
    const id = randomBytes(ID_BYTES).toString('base64url');
    const saved = await this.tryStore(() => this.store.create(id, subject));
    if (!saved) this.unsaved.set(id, subject);
    return this.remember(id, subject, Date.now());
  }

  /** The session if it is alive and its subject's; that makes it live on. */
  async check(id: string, subject: string): Promise<Session | null> {
    if (this.ended.get(id)) return null;
    const seen = this.seen.get(id);
    const nowMs = Date.now();
    const believed = seen && nowMs - seen.checkedAtMs < BELIEVED_MS && nowMs < seen.expiresAtMs;
    const session = believed ? seen : await this.checks.do(id, () => this.ask(id, subject, seen));
    return session?.subject === subject ? session : null;
  }

  /** Ends a session: here at once, elsewhere as soon as it is asked for again. */
  async close(id: string): Promise<void> {
    this.ended.set(id, true);
    this.seen.delete(id);
    this.unsaved.delete(id);
    const removed = await this.tryStore(() => this.store.remove(id));
    if (!removed) this.unremoved.set(id, true);
  }

  private async ask(id: string, subject: string, seen: Seen | undefined): Promise<Session | null> {
    const nowMs = Date.now();
    const extend = !seen || nowMs - seen.extendedAtMs >= EXTENDED_EVERY_MS;
    const found = await this.tryStore(() => this.store.find(id, extend));
    // It may have ended while Redis was asked.
    if (this.ended.get(id)) return null;
    if (!found || this.unsaved.get(id)) return this.remember(id, seen?.subject ?? subject, nowMs);
    if (found.answer !== null) return this.remember(id, found.answer, extend ? nowMs : seen.extendedAtMs);
    this.seen.delete(id);
    return null;
  }

  private remember(id: string, subject: string, extendedAtMs: number): Session {
    const expiresAtMs = extendedAtMs + this.ttlMs;
    const seen: Seen = { id, subject, expiresAtMs, extendedAtMs, checkedAtMs: Date.now() };
    this.seen.set(id, seen);
    return seen;
  }

  /** What Redis answered; undefined when it did not. */
  private async tryStore<T>(command: () => Promise<T>): Promise<{ answer: T } | undefined> {
    if (Date.now() < this.storePausedUntilMs) return this.noteAbsence();
    for (let attempt = 0; attempt < STORE_ATTEMPTS && this.store.reachable; attempt++) {
      const given = await answerOf(command);
      if (!given) continue;
      this.degraded = false;
      return given;
    }
    this.storePausedUntilMs = Date.now() + (this.store.reachable ? STORE_PAUSE_MS : 0);
    return this.noteAbsence();
  }

  /** Said once for each outage. */
  private noteAbsence(): undefined {
    if (!this.degraded)
      this.logger.warn('Redis does not answer: sessions are kept in this process until it does');
    this.degraded = true;
  }

  private async handOver(): Promise<void> {
    this.storePausedUntilMs = 0;
    await this.inBatches([...this.unremoved.entries()], async ([id]) => {
      if (await this.tryStore(() => this.store.remove(id))) this.unremoved.delete(id);
    });
    await this.inBatches([...this.unsaved.entries()], async ([id, subject]) => {
      if (await this.tryStore(() => this.store.create(id, subject))) this.unsaved.delete(id);
    });
  }

  private async inBatches<T>(items: readonly T[], handle: (item: T) => Promise<void>): Promise<void> {
    for (let from = 0; from < items.length; from += HANDED_OVER_AT_ONCE) {
      await Promise.all(items.slice(from, from + HANDED_OVER_AT_ONCE).map(handle));
    }
  }
}

/** What the command gave; undefined when it failed, for whatever reason: to a session they are all the same. */
const answerOf = <T>(command: () => Promise<T>): Promise<{ answer: T } | undefined> =>
  command().then(
    (answer) => ({ answer }),
    () => undefined,
  );
