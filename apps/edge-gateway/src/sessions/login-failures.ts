import { RecentMap } from '@flowchart/kernel';
import type { BoundedRedis } from './bounded-redis.js';

/** Failures within a minute that begins with the first. */
export interface FailureWindow {
  readonly failures: number;
  readonly endsAtMs: number;
}

const WINDOW_MS = 60_000;
const REMEMBERED_KEYS = 50_000;

/**
 * One key a window, so that any node of a cluster runs it; it expires with the window. KEYS: the window. ARGV: 1 to count
 * a failure, 0 to look; length in ms. Gives the failures and the milliseconds that are left.
 */
const windowScript = `
local failures = tonumber(redis.call('GET', KEYS[1]) or '0')
if ARGV[1] == '1' then
  failures = redis.call('INCR', KEYS[1])
  if failures == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
end
return { failures, redis.call('PTTL', KEYS[1]) }
`;

/** Failed logins by one kind of key, counted in Redis for all edges; without Redis by each for itself. */
export class LoginFailures {
  private readonly windows = new RecentMap<string, FailureWindow>(REMEMBERED_KEYS);

  constructor(
    private readonly redis: BoundedRedis,
    private readonly prefix: string,
    readonly limit: number,
  ) {}

  async look(key: string): Promise<FailureWindow> {
    return (await this.shared(key, false)) ?? this.local(key);
  }

  async add(key: string): Promise<FailureWindow> {
    const { failures, endsAtMs } = this.local(key);
    // Counted here as well, so that an outage does not begin with a clean slate.
    const local = { failures: failures + 1, endsAtMs };
    this.windows.set(key, local);
    return (await this.shared(key, true)) ?? local;
  }

  private async shared(key: string, count: boolean): Promise<FailureWindow | undefined> {
    const given = await this.redis.ask((redis) =>
      redis.eval(windowScript, 1, `${this.prefix}${key}`, count ? '1' : '0', WINDOW_MS),
    );
    if (!given) return undefined;
    const [failures, leftMs] = given.answer as [number, number];
    return { failures, endsAtMs: Date.now() + (leftMs > 0 ? leftMs : WINDOW_MS) };
  }

  private local(key: string): FailureWindow {
    const nowMs = Date.now();
    const known = this.windows.get(key);
    return known && nowMs < known.endsAtMs ? known : { failures: 0, endsAtMs: nowMs + WINDOW_MS };
  }
}
