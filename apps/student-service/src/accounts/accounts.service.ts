/** Tells who somebody is by username and password. */
import { availableParallelism } from 'node:os';
import type { Login, Role, VerifiedCredentials } from '@flowchart/contracts';
import { PG_POOL } from '@flowchart/database';
import { AppError, Meters } from '@flowchart/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Pool } from 'pg';
import { errors } from '../errors.js';
import { decoyHash, verifyPassword } from './password-hash.js';
import { Turnstile } from './turnstile.js';

/** One of libuv's four threads stays free for name look-ups and files, and 12 MiB a hash stay few. */
const HASHES_AT_ONCE = Math.min(3, availableParallelism());
/** About a second's worth on two cores; who comes later is better told at once. */
const WAITING_LOGINS = 256;

interface AccountRow {
  id: string;
  username: string;
  password_hash: string;
  role: Role;
  name: string;
  degree_code: string | null;
}

const accountByUsername = {
  name: 'account-by-username',
  text: `SELECT a.id, a.username, a.password_hash, a.role, coalesce(s.name, a.username) AS name, s.degree_code
           FROM accounts a LEFT JOIN students s ON s.id = a.id
          WHERE a.username = $1`,
};

@Injectable()
export class AccountsService {
  private readonly turnstile = new Turnstile(
    { atOnce: HASHES_AT_ONCE, waiting: WAITING_LOGINS },
    () => new AppError(errors.TOO_MANY_LOGINS, 'Try again in a moment.', { headers: { 'retry-after': '2' } }),
  );

  constructor(
    @Inject(PG_POOL) private readonly pool: Pool,
    meters: Meters,
  ) {
    meters.gauge(
      {
        name: 'logins.pending',
        description: 'Logins that wait for their password check',
        baseUnit: 'requests',
      },
      () => this.turnstile.waiting,
    );
  }

  async verify({ username, password }: Login): Promise<VerifiedCredentials> {
    const account = await this.find(username);
    const right = await this.turnstile.pass(() =>
      verifyPassword(password, account?.password_hash ?? decoyHash),
    );
    if (!account || !right) throw new AppError(errors.WRONG_CREDENTIALS, 'Check both and try again.');
    const { id, name, role, degree_code } = account;
    return { identity: { subject: id, name, role, degreeCode: degree_code }, username: account.username };
  }

  private async find(username: string): Promise<AccountRow | undefined> {
    // Postgres refuses text with a NUL, so nobody is called that.
    if (username.includes('\0')) return undefined;
    const { rows } = await this.pool.query<AccountRow>({ ...accountByUsername, values: [username] });
    return rows[0];
  }
}
