/** A Prometheus of our own: scrapes what it is told to, and takes what is written to it. */
import { join } from 'node:path';
import { startPackagedServer, type PackagedServerOptions } from './packaged-server.js';
import { HOST } from './ports.js';
import type { ProcessIdentity } from './processes.js';
import { alone } from './program.js';
import { fromPackage } from './system-package.js';

export interface PrometheusOptions extends PackagedServerOptions {
  /** Host and port of everything to scrape each second. */
  readonly targets: readonly string[];
  /** Where a target has its page; the usual is `/metrics`. */
  readonly metricsPath?: string;
}

const unpacked = alone(
  fromPackage({ name: 'prometheus', program: 'usr/bin/prometheus', directory: 'prometheus-package' }),
);

export const startPrometheus = (options: PrometheusOptions): Promise<ProcessIdentity> => {
  const { directory, port, targets, metricsPath = '/metrics' } = options;
  const configurationFile = 'prometheus.yml';
  // YAML is a superset of JSON.
  const configuration = JSON.stringify({
    global: { scrape_interval: '1s' },
    scrape_configs: [{ job_name: 'test', metrics_path: metricsPath, static_configs: [{ targets }] }],
  });
  return startPackagedServer(
    {
      name: 'prometheus',
      installed: '/usr/bin/prometheus',
      unpacked,
      configuration: { file: configurationFile, text: configuration },
      args: [
        `--config.file=${join(directory, configurationFile)}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        `--web.listen-address=${HOST}:${port}`,
        '--web.enable-remote-write-receiver',
        '--enable-feature=exemplar-storage',
      ],
    },
    options,
  );
};
