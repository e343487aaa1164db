/** How each part of the monitoring is started, on loopback only. */
import { dirname, join } from 'node:path';
import {
  HOST,
  programHome,
  startInfluxdb,
  startPackagedServer,
  type PackagedServer,
  type PackagedServerOptions,
  type ProcessIdentity,
} from '@flowchart/infra';
import type { MonitoringConfig, MonitoringPort } from './config.js';
import { programs } from './programs.js';
import { becomesReady } from './ready.js';
import { linkTemplates } from './relocated-alertmanager.js';

export interface MonitoringPart {
  readonly name: MonitoringPort;
  readonly title: string;
  /** Everything it listens on. */
  readonly listens: readonly MonitoringPort[];
  start(options: PackagedServerOptions): Promise<ProcessIdentity>;
}

/** Prometheus is the last: by then it is known what there is to scrape. */
export const monitoringParts = (config: MonitoringConfig, configuration: string): MonitoringPart[] => [
  ...exporters(config),
  {
    name: 'influxdb',
    title: 'InfluxDB',
    listens: ['influxdb', 'influxdbRpc'],
    start: (options) => startInfluxdb({ ...options, rpcPort: config.ports.influxdbRpc }),
  },
  alertmanager(config, join(configuration, 'alertmanager')),
  prometheus(config, join(configuration, 'prometheus')),
];

function exporters({ ports, postgresUrl, redisUrl }: MonitoringConfig): MonitoringPart[] {
  const listen = (name: MonitoringPort) => `--web.listen-address=${HOST}:${ports[name]}`;
  return [
    part('postgresExporter', 'PostgreSQL exporter', () => ({
      ...programs.postgresExporter,
      args: [listen('postgresExporter')],
      // Not an argument: everybody may read those.
      env: { DATA_SOURCE_NAME: postgresUrl },
    })),
    part('redisExporter', 'Redis exporter', () => ({
      ...programs.redisExporter,
      args: [listen('redisExporter')],
      env: { REDIS_ADDR: redisUrl },
    })),
    part('nodeExporter', 'node exporter', () => ({
      ...programs.nodeExporter,
      args: [listen('nodeExporter')],
    })),
  ];
}

function alertmanager({ ports }: MonitoringConfig, configuration: string): MonitoringPart {
  const launched = part('alertmanager', 'Alertmanager', (directory) => ({
    ...programs.alertmanager,
    args: [
      `--config.file=${join(configuration, 'alertmanager.yml')}`,
      `--storage.path=${join(directory, 'data')}`,
      `--web.listen-address=${HOST}:${ports.alertmanager}`,
      // Alone: no gossip, and no port for it.
      '--cluster.listen-address=',
    ],
    // Its secrets are named relative to it.
    cwd: configuration,
  }));
  return {
    ...launched,
    start: async (options) => {
      const home = { directory: dirname(options.directory), account: undefined };
      await linkTemplates(configuration, options.cacheDir ?? (await programHome(home)));
      return launched.start(options);
    },
  };
}

function prometheus({ ports }: MonitoringConfig, configuration: string): MonitoringPart {
  const launched = part('prometheus', 'Prometheus', (directory) => ({
    ...programs.prometheus,
    args: [
      `--config.file=${join(configuration, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${HOST}:${ports.prometheus}`,
      '--web.enable-remote-write-receiver',
      '--enable-feature=exemplar-storage',
    ],
  }));
  return {
    ...launched,
    start: async (options) => {
      const process = await launched.start(options);
      await becomesReady(process, ports.prometheus);
      return process;
    },
  };
}

const part = (
  name: MonitoringPort,
  title: string,
  server: (directory: string) => PackagedServer,
): MonitoringPart => ({
  name,
  title,
  listens: [name],
  start: (options) => startPackagedServer(server(options.directory), options),
});
