/** The settings of the monitoring: the only reader of the environment here. */
import { join } from 'node:path';
import { embeddedPostgres } from '@flowchart/contracts';
import { InfraError, readInfraConfig, type ServiceAddress } from '@flowchart/infra';

/** Every port of the monitoring: what moves it, and where it is unless moved. */
export const monitoringPorts = {
  prometheus: { variable: 'PROMETHEUS_PORT', port: 9090 },
  alertmanager: { variable: 'ALERTMANAGER_PORT', port: 9093 },
  influxdb: { variable: 'INFLUXDB_PORT', port: 8086 },
  influxdbRpc: { variable: 'INFLUXDB_RPC_PORT', port: 8088 },
  postgresExporter: { variable: 'POSTGRES_EXPORTER_PORT', port: 9187 },
  redisExporter: { variable: 'REDIS_EXPORTER_PORT', port: 9121 },
  nodeExporter: { variable: 'NODE_EXPORTER_PORT', port: 9100 },
} as const;

export type MonitoringPort = keyof typeof monitoringPorts;

export interface MonitoringConfig {
  /** Data, logs and the configuration in use. */
  readonly directory: string;
  readonly ports: Readonly<Record<MonitoringPort, number>>;
  readonly services: readonly ServiceAddress[];
  readonly postgresUrl: string;
  readonly redisUrl: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads all settings, and refuses all bad ports at once. */
export function readMonitoringConfig(environment: Environment = process.env): MonitoringConfig {
  const infra = readInfraConfig(environment);
  const names = Object.keys(monitoringPorts) as MonitoringPort[];
  const wanted = names.map((name) => {
    const { variable, port } = monitoringPorts[name];
    return { name, variable, port: Number(environment[variable] || port) };
  });
  const bad = wanted.filter(({ port }) => !Number.isInteger(port) || port < 1 || port > 65_535);
  if (bad.length > 0) {
    const troubles = bad.map(
      ({ variable }) => `${variable} must be a port from 1 to 65535, not "${environment[variable]}".`,
    );
    throw new InfraError(troubles.join('\n'));
  }
  const { user, password, databases } = embeddedPostgres;
  return {
    directory: join(infra.infraDir, 'monitoring'),
    ports: Object.fromEntries(wanted.map(({ name, port }) => [name, port])) as Record<MonitoringPort, number>,
    services: infra.services,
    postgresUrl:
      environment.DATABASE_URL ||
      `postgresql://${user}:${password}@127.0.0.1:${infra.postgresPort}/${databases.course}?sslmode=disable`,
    redisUrl: environment.REDIS_URL || `redis://127.0.0.1:${infra.redisPort}`,
  };
}
