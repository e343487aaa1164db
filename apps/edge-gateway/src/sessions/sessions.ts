import type { Identity } from '@flowchart/contracts';
import { RecentMap, SingleFlight } from '@flowchart/kernel';
import { HealthRegistry } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { BoundedRedis } from './bounded-redis.js';
import { fingerprintOf, type PresentedToken } from './presented-token.js';
import { SessionStore, type TokenState } from './session-store.js';
import { Tokens } from './tokens.js';

/** A session as this process last saw it. */
export interface Session {
  readonly id: string;
  /** It lives until then at least; another request makes it longer, but never beyond its token. */
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
/** About 200 bytes each. */
const REMEMBERED_SESSIONS = 100_000;
const HANDED_OVER_AT_ONCE = 500;

/**
 * Sessions that live half an hour beyond their last request, in Redis for all edges, with a short memory in front.
 *
 * Without Redis nobody is turned away who has a token of ours: its signature is verified instead, new sessions are
 * opened here, those that end are remembered, and all of it is handed over when Redis is back.
 */
@Injectable()
export class Sessions {
  private readonly seen = new RecentMap<string, Seen>(REMEMBERED_SESSIONS);
  private readonly ended = new RecentMap<string, true>(REMEMBERED_SESSIONS);
  /** What Redis has yet to be told. */
  private readonly unsaved = new RecentMap<string, true>(REMEMBERED_SESSIONS);
  private readonly unended = new RecentMap<string, TokenState>(REMEMBERED_SESSIONS);
  private readonly checks = new SingleFlight<Session | null>();
  private readonly ttlMs: number;
  /** Tokens by where it was known from whether their session is alive. */
  readonly checked = { memory: 0, redis: 0, signature: 0, refused: 0 };
  /** Sessions that began and ended here. */
  readonly changes = { opened: 0, closed: 0 };

  constructor(
    private readonly tokens: Tokens,
    private readonly store: SessionStore,
    private readonly redis: BoundedRedis,
    @Inject(EDGE_CONFIG) { sessionTtlSeconds }: EdgeConfig,
    health: HealthRegistry,
  ) {
    this.ttlMs = sessionTtlSeconds * 1000;
    redis.onReturn(() => void this.handOver());
    health.add({
      name: 'sessions',
      critical: false,
      check: async () => ({ keptIn: redis.reachable ? 'redis' : 'memory', unsaved: this.unsaved.size }),
    });
  }

  /** Sessions in the memory of this process. */
  get remembered(): number {
    return this.seen.size;
  }

  /** Of how many sessions Redis has yet to be told. */
  get untold(): number {
    return this.unsaved.size + this.unended.size;
  }

  /** A new session and the one token that opens it. */
  async open(identity: Identity): Promise<{ token: string; sessionId: string }> {
    const token = this.tokens.sign(identity);
    const sessionId = fingerprintOf(token);
    this.changes.opened++;
    const saved = await this.redis.ask((redis) => this.store.create(redis, sessionId));
    if (!saved) this.unsaved.set(sessionId, true);
    return { token, sessionId };
  }

  /** The session of a token if it is alive; that makes it live on. */
  async check(token: PresentedToken): Promise<Session | null> {
    const { sessionId } = token;
    if (this.ended.get(sessionId)) return this.refuse();
    const seen = this.seen.get(sessionId);
    const nowMs = Date.now();
    if (seen && nowMs - seen.checkedAtMs < BELIEVED_MS && nowMs < seen.expiresAtMs) {
      this.checked.memory++;
      return seen;
    }
    return this.checks.do(sessionId, () => this.ask(token, seen));
  }

  /** Ends the session of a token: here at once, elsewhere as soon as it is asked for again. */
  async close({ sessionId, foreign, expiresAtMs }: PresentedToken): Promise<void> {
    const state = { sessionId, foreign, expiresAtMs };
    this.changes.closed++;
    this.ended.set(sessionId, true);
    this.seen.delete(sessionId);
    this.unsaved.delete(sessionId);
    const told = await this.redis.ask((redis) => this.store.end(redis, state));
    if (!told) this.unended.set(sessionId, state);
  }

  private async ask(token: PresentedToken, seen: Seen | undefined): Promise<Session | null> {
    const { sessionId } = token;
    const nowMs = Date.now();
    const extend = !seen || nowMs - seen.extendedAtMs >= EXTENDED_EVERY_MS;
    const alive = await this.redis.ask((redis) => this.store.isAlive(redis, token, extend));
    // It may have ended while Redis was asked.
    if (this.ended.get(sessionId)) return this.refuse();
    if (!alive || this.unsaved.get(sessionId)) {
      // Seen before means proven before: another token would be another session.
      if (!seen && !token.isGenuine()) return this.refuse();
      this.checked.signature++;
      return this.remember(token, nowMs);
    }
    if (alive.answer) {
      this.checked.redis++;
      return this.remember(token, extend ? nowMs : seen.extendedAtMs);
    }
    this.seen.delete(sessionId);
    return this.refuse();
  }

  private refuse(): null {
    this.checked.refused++;
    return null;
  }

  private remember({ sessionId, foreign, expiresAtMs }: PresentedToken, extendedAtMs: number): Session {
    const seen: Seen = {
      id: sessionId,
      expiresAtMs: foreign ? expiresAtMs : Math.min(expiresAtMs, extendedAtMs + this.ttlMs),
      extendedAtMs,
      checkedAtMs: Date.now(),
    };
    this.seen.set(sessionId, seen);
    return seen;
  }

  private async handOver(): Promise<void> {
    await inBatches([...this.unended.entries()], async ([id, state]) => {
      if (await this.redis.ask((redis) => this.store.end(redis, state))) this.unended.delete(id);
    });
    await inBatches([...this.unsaved.entries()], async ([id]) => {
      // It may have ended since the list was made.
      if (!this.unsaved.get(id)) return;
      if (await this.redis.ask((redis) => this.store.create(redis, id))) this.unsaved.delete(id);
    });
  }
}

async function inBatches<T>(items: readonly T[], handle: (item: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < items.length; from += HANDED_OVER_AT_ONCE) {
    await Promise.all(items.slice(from, from + HANDED_OVER_AT_ONCE).map(handle));
  }
}
