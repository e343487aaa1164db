/** `monitoring:serve`: Prometheus and what belongs to it in the foreground. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfraError, isRunning, runBin, stopSignal } from '@flowchart/infra';
import { readMonitoringConfig } from './config.js';
import { startMonitoring, type RunningPart } from './running-monitoring.js';

const HELP = `
Runs Prometheus, Alertmanager, InfluxDB and the exporters for PostgreSQL, Redis and this machine until Ctrl-C, without
Docker: programs on PATH, else from Debian's packages (no root needed). What cannot be had is said and left out.

  npx nx run monitoring:serve

It watches the system on this machine, running or not; start that with: npx nx run infra:stack
Configuration: load-testing/monitoring, the same files that the containers use. Data: .infra/monitoring.
Not here, only with Docker: Grafana, Jaeger, the log store (docker-compose-monitoring.yml).

Variables
  PROMETHEUS_PORT, ALERTMANAGER_PORT, INFLUXDB_PORT, INFLUXDB_RPC_PORT
                              where they listen (9090, 9093, 8086, 8088), on 127.0.0.1 only
  POSTGRES_EXPORTER_PORT, REDIS_EXPORTER_PORT, NODE_EXPORTER_PORT
                              the exporters (9187, 9121, 9100)
  EDGE_PORT, COURSE_SERVICE_PORT, DEGREE_SERVICE_PORT, STUDENT_SERVICE_PORT, POSTGRES_PORT, REDIS_PORT
                              what is watched, as in infra:stack
  DATABASE_URL, REDIS_URL     databases of yours
  INFRA_DIR                   data, logs and records (.infra in the workspace)
`;
const WATCH_EVERY_MS = 500;

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

await runBin(HELP, async (args) => {
  if (args.length > 0) throw new InfraError(`${args.join(' ')} is not understood; see --help`);
  const signal = stopSignal();
  const monitoring = await startMonitoring({ config: readMonitoringConfig(), say, signal });
  say('the monitoring is up; Ctrl-C stops it');
  await watchUntil(signal, monitoring.parts);
  await monitoring.stop();
  return 0;
});

async function watchUntil(signal: AbortSignal, parts: readonly RunningPart[]): Promise<void> {
  let running = parts;
  while (!signal.aborted) {
    for (const { title, process } of running.filter((part) => !isRunning(part.process)))
      say(`${title} (process ${process.pid}) ended unexpectedly.`);
    running = running.filter((part) => isRunning(part.process));
    await sleep(WATCH_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
