// A PostgreSQL server by its own views: who is connected and waits, each second; which statements cost most, over the run.

import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { Rates, ofPart, type Collector, type Values } from './collector.js';
import type { StatementFigures } from '../analysis/findings.js';

const limitMs = 900;

/** Of the system's clients, not of us. */
const activity = `
  WITH client AS (
    SELECT state, wait_event_type FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name <> 'load-runner'
  )
  SELECT
    (SELECT count(*) FROM client)::float8 AS connections,
    (SELECT count(*) FROM client WHERE state = 'active')::float8 AS active,
    (SELECT count(*) FROM client WHERE state LIKE 'idle in transaction%')::float8 AS idle_in_transaction,
    (SELECT count(*) FROM client
      WHERE state = 'active' AND wait_event_type NOT IN ('Client', 'Activity', 'Timeout'))::float8 AS waiting,
    current_setting('max_connections')::float8 AS max_connections,
    sum(xact_commit + xact_rollback)::float8 AS transactions,
    sum(blks_hit)::float8 AS hits,
    sum(blks_read)::float8 AS misses
  FROM pg_stat_database`;

interface ActivityRow {
  readonly connections: number;
  readonly active: number;
  readonly idle_in_transaction: number;
  readonly waiting: number;
  readonly max_connections: number;
  readonly transactions: number;
  readonly hits: number;
  readonly misses: number;
}

export class PostgresCollector implements Collector {
  readonly name: string;
  private readonly pool: Pool;
  private readonly rates = new Rates();

  constructor(
    private readonly part: string,
    url: string,
  ) {
    this.name = `${part} (pg_stat_activity)`;
    this.pool = connect(url);
  }

  async read(): Promise<Values> {
    const { rows } = await this.pool.query<ActivityRow>(activity);
    const [row] = rows;
    if (!row) throw new Error('it told nothing');
    this.rates.begin(performance.now());
    return ofPart(this.part, {
      connections: row.connections,
      active: row.active,
      idle_in_transaction: row.idle_in_transaction,
      waiting: row.waiting,
      max_connections: row.max_connections,
      transactions: this.rates.perSecond('transactions', row.transactions),
      hit_ratio: this.rates.hitRatio(row),
    });
  }

  async close(): Promise<void> {
    await end(this.pool);
  }
}

/** How many of the costliest are reported. */
const statementsKept = 15;
const queryLength = 400;

/** Housekeeping is not what the load asks for; nor are we. */
const totals = `
  SELECT s.userid::text || '/' || s.dbid || '/' || s.queryid || '/' || s.toplevel AS id, d.datname AS database,
    left(s.query, ${queryLength}) AS query, s.calls::float8 AS calls,
    s.total_exec_time AS "totalMs", s.max_exec_time AS "maxMs"
  FROM pg_stat_statements s JOIN pg_database d ON d.oid = s.dbid
  WHERE s.queryid IS NOT NULL AND s.query NOT LIKE '%pg_stat_%'`;

interface StatementRow {
  readonly id: string;
  readonly database: string;
  readonly query: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly maxMs: number;
}

/** What pg_stat_statements counted between two moments. */
export class Statements {
  private readonly pool: Pool;
  private before: ReadonlyMap<string, StatementRow> | undefined;

  constructor(
    url: string,
    /** The server serves this stack alone: the longest times may be forgotten at the beginning, so that they are the run's own. */
    private readonly ours: boolean,
  ) {
    this.pool = connect(url);
  }

  /** @throws where the extension is not there or not readable */
  async begin(): Promise<void> {
    if (this.ours) await this.pool.query('SELECT pg_stat_statements_reset(0, 0, 0, true)');
    this.before = await this.rows();
  }

  async end(): Promise<StatementFigures[]> {
    if (!this.before) return [];
    const grown: StatementFigures[] = [];
    for (const row of (await this.rows()).values()) {
      const figures = since(this.before.get(row.id), row);
      if (figures) grown.push(figures);
    }
    return grown.sort((a, b) => b.totalMs - a.totalMs).slice(0, statementsKept);
  }

  async close(): Promise<void> {
    await end(this.pool);
  }

  private async rows(): Promise<Map<string, StatementRow>> {
    const { rows } = await this.pool.query<StatementRow>(totals);
    return new Map(rows.map((row) => [row.id, row]));
  }
}

function since(before: StatementRow | undefined, after: StatementRow): StatementFigures | undefined {
  // A server that crashed has lost its counts; what it has now is since then.
  const from = before && before.calls <= after.calls ? before : { calls: 0, totalMs: 0 };
  const calls = after.calls - from.calls;
  if (calls === 0) return undefined;
  const totalMs = after.totalMs - from.totalMs;
  return {
    database: after.database,
    query: after.query.replaceAll(/\s+/g, ' ').trim(),
    calls,
    totalMs: round(totalMs),
    meanMs: round(totalMs / calls),
    maxMs: round(after.maxMs),
  };
}

/** Connects again by itself after the server was away. */
function connect(connectionString: string): Pool {
  const pool = new Pool({
    connectionString,
    max: 1,
    application_name: 'load-runner',
    connectionTimeoutMillis: limitMs,
    query_timeout: limitMs,
    idleTimeoutMillis: 0,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks: the next reading says what is wrong.
  pool.on('error', () => undefined);
  return pool;
}

/** A server that hangs never answers the farewell; nobody waits for it longer than for a reading. */
const end = (pool: Pool): Promise<void> =>
  Promise.race([pool.end(), sleep(limitMs, undefined, { ref: false })]);

const round = (value: number): number => Number(value.toFixed(3));
