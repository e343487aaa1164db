import { AppError } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import { EDGE_CONFIG, type EdgeConfig } from '../config.js';
import { edgeErrors } from '../errors.js';
import { BoundedRedis } from './bounded-redis.js';
import { type FailureWindow, LoginFailures } from './login-failures.js';

/** Whose login it is. */
export interface LoginAttempt {
  readonly username: string;
  readonly address: string;
}

type Headers = Readonly<Record<string, string>>;

/**
 * Slows down guessing, at all edges together. Only failures count: a thousand students behind one address may log in at
 * once, and a right password always works until somebody has guessed wrong too often.
 */
@Injectable()
export class LoginThrottle {
  private readonly byAccount: LoginFailures;
  private readonly byAddress: LoginFailures;

  constructor(@Inject(EDGE_CONFIG) { loginFailures }: EdgeConfig, redis: BoundedRedis) {
    this.byAccount = new LoginFailures(redis, 'login:account:', loginFailures.perAccount);
    this.byAddress = new LoginFailures(redis, 'login:address:', loginFailures.perAddress);
  }

  /**
   * Throws 429 when account or address have failed too often in this minute; else resolves with headers that tell what
   * is left of the tighter of the two limits.
   */
  async admit(attempt: LoginAttempt): Promise<Headers> {
    const [byAccount, byAddress] = await Promise.all([
      this.byAccount.look(accountOf(attempt)),
      this.byAddress.look(attempt.address),
    ]);
    const state = this.tighter(byAccount, byAddress);
    if (state.remaining > 0) return headersOf(state);
    throw new AppError(edgeErrors.TOO_MANY_LOGINS, `Try again in ${state.resetSeconds} seconds.`, {
      headers: { ...headersOf(state), 'retry-after': String(state.resetSeconds) },
    });
  }

  /** Counts a failure; what is left then. */
  async failed(attempt: LoginAttempt): Promise<Headers> {
    const [byAccount, byAddress] = await Promise.all([
      this.byAccount.add(accountOf(attempt)),
      this.byAddress.add(attempt.address),
    ]);
    return headersOf(this.tighter(byAccount, byAddress));
  }

  private tighter(byAccount: FailureWindow, byAddress: FailureWindow): LimitState {
    const account = stateOf(byAccount, this.byAccount.limit);
    const address = stateOf(byAddress, this.byAddress.limit);
    return account.remaining <= address.remaining ? account : address;
  }
}

/** Different spellings of a name that a keyboard or a careless database may take for the same. */
const accountOf = ({ username }: LoginAttempt): string => username.normalize('NFKC').trim().toLowerCase();

interface LimitState {
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
}

function stateOf({ failures, endsAtMs }: FailureWindow, limit: number): LimitState {
  const resetSeconds = Math.max(1, Math.ceil((endsAtMs - Date.now()) / 1000));
  return { limit, remaining: Math.max(0, limit - failures), resetSeconds };
}

const headersOf = ({ limit, remaining, resetSeconds }: LimitState): Headers => ({
  'ratelimit-limit': String(limit),
  'ratelimit-remaining': String(remaining),
  'ratelimit-reset': String(resetSeconds),
});
