import { RecentMap } from '@flowchart/cache';
import { AppError } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { edgeErrors } from '../errors.js';

const WINDOW_MS = 60_000;
const REMEMBERED_KEYS = 50_000;

interface Window {
  failures: number;
  readonly endsAtMs: number;
}

/** Failed logins of one kind of key in windows of a minute. */
class Failures {
  private readonly windows = new RecentMap<string, Window>(REMEMBERED_KEYS);

  constructor(readonly limit: number) {}

  windowOf(key: string): Window {
    const nowMs = Date.now();
    const known = this.windows.get(key);
    return known && nowMs < known.endsAtMs ? known : { failures: 0, endsAtMs: nowMs + WINDOW_MS };
  }

  add(key: string): void {
    const window = this.windowOf(key);
    window.failures++;
    this.windows.set(key, window);
  }
}

/** Whose login it is. */
export interface LoginAttempt {
  readonly username: string;
  readonly address: string;
}

/**
 * Slows down guessing. Only failures count: a thousand students behind one address may log in at once, and a right
 * password always works until somebody has guessed wrong too often.
 */
@Injectable()
export class LoginThrottle {
  private readonly byAccount: Failures;
  private readonly byAddress: Failures;

  constructor(@Inject(EDGE_CONFIG) { loginFailures }: EdgeConfig) {
    this.byAccount = new Failures(loginFailures.perAccount);
    this.byAddress = new Failures(loginFailures.perAddress);
  }

  /** Throws 429 when account or address have failed too often in this minute. */
  admit(attempt: LoginAttempt): void {
    const { remaining, resetSeconds } = this.state(attempt);
    if (remaining > 0) return;
    throw new AppError(edgeErrors.TOO_MANY_LOGINS, `Try again in ${resetSeconds} seconds.`, {
      headers: { ...this.headers(attempt), 'retry-after': String(resetSeconds) },
    });
  }

  failed(attempt: LoginAttempt): void {
    this.byAccount.add(accountOf(attempt));
    this.byAddress.add(attempt.address);
  }

  /** What is left of the tighter of the two limits. */
  headers(attempt: LoginAttempt): Record<string, string> {
    const { limit, remaining, resetSeconds } = this.state(attempt);
    return {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': String(resetSeconds),
    };
  }

  private state(attempt: LoginAttempt): { limit: number; remaining: number; resetSeconds: number } {
    const states = [
      stateOf(this.byAccount, accountOf(attempt)),
      stateOf(this.byAddress, attempt.address),
    ] as const;
    return states[0].remaining <= states[1].remaining ? states[0] : states[1];
  }
}

/** Different spellings of a name that a keyboard or a careless database may take for the same. */
const accountOf = ({ username }: LoginAttempt): string => username.normalize('NFKC').trim().toLowerCase();

function stateOf(failures: Failures, key: string) {
  const { failures: failed, endsAtMs } = failures.windowOf(key);
  const resetSeconds = Math.max(1, Math.ceil((endsAtMs - Date.now()) / 1000));
  return { limit: failures.limit, remaining: Math.max(0, failures.limit - failed), resetSeconds };
}
