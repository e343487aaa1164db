/** What a service's pool of connections is measured by: how many there are of each kind, and the wait for one. */
import type { Meters, TimerSeries } from '@flowchart/platform';
import type { Pool, PoolClient } from 'pg';

/** Measures `pool` from now on; every query of it goes through its `connect`, too. */
export function measurePool(pool: Pool, meters: Meters): void {
  const gauge = (state: string, description: string, read: () => number) =>
    meters.gauge({ name: `db.pool.connections.${state}`, description, baseUnit: 'connections' }, read);
  gauge('active', 'Connections in use', () => pool.totalCount - pool.idleCount);
  gauge('idle', 'Connections open and free', () => pool.idleCount);
  gauge('pending', 'Callers that wait for a connection', () => pool.waitingCount);
  gauge('max', 'Connections the pool may open', () => pool.options.max);
  const acquire = meters.timer({
    name: 'db.pool.acquire',
    description: 'From asking the pool for a connection to having one, or to being told that there is none',
    tags: ['result'],
  });
  measureConnect(pool, acquire.for({ result: 'connection' }), acquire.for({ result: 'error' }));
}

type Connected = (error: Error | undefined, client?: PoolClient, release?: () => void) => void;
type Connect = (connected: Connected) => void;

/** pg tells of a connection handed out, but not since when somebody waited for it. */
function measureConnect(pool: Pool, got: TimerSeries, failed: TimerSeries): void {
  const original = pool.connect.bind(pool) as Connect & (() => Promise<PoolClient>);
  const record = (error: unknown, startedMs: number) =>
    (error ? failed : got).record((performance.now() - startedMs) / 1000);
  const withCallback: Connect = (connected) => {
    const startedMs = performance.now();
    original((...answer) => {
      record(answer[0], startedMs);
      connected(...answer);
    });
  };
  const measured = (connected?: Connected): Promise<PoolClient> | void =>
    connected
      ? withCallback(connected)
      : new Promise((resolve, reject) =>
          withCallback((error, client) =>
            client ? resolve(client) : reject(error ?? new Error('the pool gave no connection')),
          ),
        );
  pool.connect = measured as Pool['connect'];
}
