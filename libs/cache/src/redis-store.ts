import { hash, randomUUID } from 'node:crypto';
import type { Redis, Result } from 'ioredis';
import type { Codec, Entry } from './entry.js';
import { FailurePause } from './failure-pause.js';
import {
  claimScript,
  evictScript,
  releaseScript,
  releaseUnlessAwaitedScript,
  storeScript,
} from './redis-scripts.js';

/** What the second level knew about a key. */
export interface Lookup<V> {
  readonly entry: Entry<V> | undefined;
  /** Redis did not fail to answer. */
  readonly answered: boolean;
}

/** A look-up that also asked for the right to fill the key. */
export interface Claim<V> extends Lookup<V> {
  /** Where Redis' log of evictions stood; storing needs it. Undefined: Redis did not answer. */
  readonly mark: number | undefined;
  /** No other process fills it. */
  readonly granted: boolean;
  /** Somebody has asked for the key not long ago. */
  readonly askedBefore: boolean;
}

/** How an entry is stored: the mark its reader got, and what the doorkeeper is to make of it. */
export interface Admission {
  readonly mark: number;
  /** One of endlessly many: it counts against the number of guests. */
  readonly unbounded: boolean;
  /** Asked for before, by whomever. */
  readonly askedBefore: boolean;
}

export interface RedisStoreOptions {
  /** Entries with unbounded keys that are stored at a time. */
  readonly maxGuests?: number;
}

/**
 * How long a process has for asking the origin before others stop waiting for it. An origin answers in a few
 * milliseconds; a holder that has died delays nobody longer than this.
 */
export const LOCK_MS = 2000;

/** With pages of 5 KB about 25 MB: Redis holds sessions besides. */
const MAX_GUESTS = 5000;
/** 512 KB: at a hundred new keys a second a key is remembered for about twenty minutes. */
const DOORKEEPER_SLOTS = 2 ** 17;
const FINGERPRINT_BYTES = 4;
/** A key that is asked for again within this time, or less, is admitted. */
const DOORKEEPER_MS = 600_000;

/** Goes up with every change of what is stored, so that two releases side by side do not read each other's entries. */
const FORMAT = 2;
const SEQUENCE_KEY = '{cache}:sequence';
const STAMPS_KEY = '{cache}:stamps';
const GUESTS_KEY = '{cache}:guests';
const DOORKEEPER_KEY = '{cache}:doorkeeper';
const entryKey = (key: string) => `{cache}:${FORMAT}:${key}`;
const lockKey = (key: string) => `{cache}:lock:${key}`;
const indexKey = (tag: string) => `{cache}:tag:${tag}`;

const NEWLINE = 0x0a;
const unanswered = {
  entry: undefined,
  answered: false,
  mark: undefined,
  granted: false,
  askedBefore: false,
} as const;

type Argument = string | number | Buffer;

declare module 'ioredis' {
  // `…Buffer` gives bytes as bytes.
  interface RedisCommander<Context> {
    claimEntryBuffer(keys: number, ...keysAndValues: Argument[]): Result<unknown, Context>;
    storeEntry(keys: number, ...keysAndValues: Argument[]): Result<unknown, Context>;
    releaseUnlessAwaited(keys: number, ...keysAndValues: Argument[]): Result<number, Context>;
    releaseEntry(keys: number, ...keysAndValues: Argument[]): Result<unknown, Context>;
    evictEntries(keys: number, ...keysAndValues: Argument[]): Result<unknown, Context>;
  }
}

/**
 * The second level: what all processes share. Without Redis it holds nothing and says so in bounded time: a command is
 * given up after the connection's time-out, and then Redis is left alone for a while.
 */
export class RedisStore<V> {
  private readonly pause = new FailurePause();
  /** A process fills a key once at a time, so that one name does for all its locks. */
  private readonly holder = randomUUID();
  private readonly maxGuests: number;

  constructor(
    private readonly redis: Redis,
    private readonly codec: Codec<V>,
    { maxGuests = MAX_GUESTS }: RedisStoreOptions = {},
  ) {
    this.maxGuests = maxGuests;
    redis.defineCommand('claimEntry', { lua: claimScript });
    redis.defineCommand('storeEntry', { lua: storeScript });
    redis.defineCommand('releaseEntry', { lua: releaseScript });
    redis.defineCommand('releaseUnlessAwaited', { lua: releaseUnlessAwaitedScript });
    redis.defineCommand('evictEntries', { lua: evictScript });
    redis.on('ready', () => this.pause.end());
  }

  /** A command of its own: a script that reads and claims in one cost Redis three times as much a hit. */
  async get(key: string): Promise<Lookup<V>> {
    const stored = await this.ask(() => this.redis.getBuffer(entryKey(key)));
    return { entry: this.decode(stored), answered: stored !== undefined };
  }

  /** Asks for the right to fill `key`, and reads it in the same step. */
  async claim(key: string): Promise<Claim<V>> {
    const keys = [entryKey(key), SEQUENCE_KEY, lockKey(key), DOORKEEPER_KEY];
    const values = [this.holder, LOCK_MS, ...slotOf(key), DOORKEEPER_MS];
    const answer = await this.ask(() => this.redis.claimEntryBuffer(keys.length, ...keys, ...values));
    if (!answer) return unanswered;
    const [stored, mark, granted, askedBefore] = answer as [Buffer | null, Buffer, number, number];
    return {
      entry: this.decode(stored),
      answered: true,
      mark: Number(mark),
      granted: granted === 1,
      askedBefore: askedBefore === 1,
    };
  }

  /** Whether a process has the right to fill `key`, and uses it. */
  async isClaimed(key: string): Promise<boolean> {
    return (await this.ask(() => this.redis.exists(lockKey(key)))) === 1;
  }

  /** Gives up the right to fill `key`. */
  async release(key: string): Promise<void> {
    await this.ask(() => this.redis.releaseEntry(1, lockKey(key), this.holder));
  }

  /** Stores what was fetched, unless an eviction came in between or the doorkeeper has it wait; releases `key`. */
  async set(key: string, entry: Entry<V>, admission: Admission): Promise<void> {
    const { mark, unbounded, askedBefore } = admission;
    if (unbounded && !askedBefore && !(await this.isAwaited(key))) return;
    const nowMs = Date.now();
    const keys = [entryKey(key), STAMPS_KEY, lockKey(key), GUESTS_KEY, ...entry.tags.map(indexKey)];
    const lifetimeMs = Math.max(1, entry.staleUntilMs - nowMs);
    const values = [mark, this.encode(entry), lifetimeMs, nowMs, this.holder, unbounded ? this.maxGuests : 0];
    await this.ask(() => this.redis.storeEntry(keys.length, ...keys, ...values, ...entry.tags));
  }

  /** Removes what is under `tags`, and tells how many entries that were; undefined when Redis did not answer. */
  async evict(tags: readonly string[]): Promise<number | undefined> {
    if (this.redis.status !== 'ready') return undefined;
    const keys = [SEQUENCE_KEY, STAMPS_KEY, GUESTS_KEY, ...tags.map(indexKey)];
    // Tried even when Redis is left alone: what it keeps through an eviction can no longer be believed.
    const evicted = await this.pause.run(() => this.redis.evictEntries(keys.length, ...keys, ...tags));
    return evicted === undefined ? undefined : Number(evicted);
  }

  /** Whether another process waits for what this one fetched; where none does, `key` is released. */
  private async isAwaited(key: string): Promise<boolean> {
    return (await this.ask(() => this.redis.releaseUnlessAwaited(1, lockKey(key), this.holder))) === 1;
  }

  private async ask<T>(command: () => Promise<T>): Promise<T | undefined> {
    return this.redis.status === 'ready' ? this.pause.attempt(command) : undefined;
  }

  private encode({ value, ...head }: Entry<V>): Buffer {
    return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), this.codec.encode(value)]);
  }

  private decode(stored: Buffer | null | undefined): Entry<V> | undefined {
    if (!stored) return undefined;
    try {
      const end = stored.indexOf(NEWLINE);
      const head = JSON.parse(stored.toString('utf8', 0, end)) as Omit<Entry<V>, 'value'>;
      // A copy: what Redis' parser hands out is a view that keeps the whole socket read in memory.
      return { ...head, value: this.codec.decode(Buffer.from(stored.subarray(end + 1))) };
    } catch {
      return undefined;
    }
  }
}

/** Where the doorkeeper remembers `key`, in bytes, and by what. */
function slotOf(key: string): [offset: number, fingerprint: Buffer] {
  const digest = hash('sha1', key, 'buffer');
  const slot = digest.readUInt32BE(0) % DOORKEEPER_SLOTS;
  return [slot * FINGERPRINT_BYTES, digest.subarray(4, 4 + FINGERPRINT_BYTES)];
}
