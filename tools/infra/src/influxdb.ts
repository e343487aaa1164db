/** An InfluxDB 1.x of our own, to be written to over HTTP. */
import { join } from 'node:path';
import { startPackagedServer, type PackagedServerOptions } from './packaged-server.js';
import { HOST } from './ports.js';
import type { ProcessIdentity } from './processes.js';
import { alone } from './program.js';
import { fromPackage } from './system-package.js';

export interface InfluxdbOptions extends PackagedServerOptions {
  /** It wants a second port for its backups, used or not. */
  readonly rpcPort: number;
}

const unpacked = alone(
  fromPackage({ name: 'influxdb', program: 'usr/bin/influxd', directory: 'influxdb-package' }),
);

export const startInfluxdb = (options: InfluxdbOptions): Promise<ProcessIdentity> => {
  const configurationFile = 'influxdb.conf';
  return startPackagedServer(
    {
      name: 'influxd',
      installed: '/usr/bin/influxd',
      unpacked,
      configuration: { file: configurationFile, text: configuration(options) },
      args: ['-config', join(options.directory, configurationFile)],
    },
    options,
  );
};

const configuration = ({ directory, port, rpcPort }: InfluxdbOptions): string => `
reporting-disabled = true
bind-address = "${HOST}:${rpcPort}"
[meta]
dir = "${directory}/meta"
[data]
dir = "${directory}/data"
wal-dir = "${directory}/wal"
query-log-enabled = false
[monitor]
store-enabled = false
[http]
bind-address = "${HOST}:${port}"
log-enabled = false
[subscriber]
enabled = false
`;
