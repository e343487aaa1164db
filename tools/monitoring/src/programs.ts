/** Where the programs of the monitoring come from: PATH, or Debian's packages unpacked without root. */
import { alone, fromPackage, type PackagedProgram } from '@flowchart/infra';
import { alertmanagerDirectory, relocated } from './relocated-alertmanager.js';

const packaged = (name: string, packageName = name, otherNames: readonly string[] = []): PackagedProgram => ({
  name,
  otherNames,
  installed: `/usr/bin/${name}`,
  unpacked: alone(
    fromPackage({ name: packageName, program: `usr/bin/${name}`, directory: `${packageName}-package` }),
  ),
});

/** Debian puts `prometheus-` before the names its programs have elsewhere. */
const prefixed = (name: string, elsewhere: string): PackagedProgram => packaged(name, name, [elsewhere]);

const alertmanager = prefixed('prometheus-alertmanager', 'alertmanager');
const alertmanagerPackage = fromPackage({
  name: 'prometheus-alertmanager',
  program: 'usr/bin/prometheus-alertmanager',
  directory: alertmanagerDirectory,
});

type ProgramName =
  | 'prometheus'
  | 'promtool'
  | 'alertmanager'
  | 'amtool'
  | 'postgresExporter'
  | 'redisExporter'
  | 'nodeExporter';

export const programs: Readonly<Record<ProgramName, PackagedProgram>> = {
  prometheus: packaged('prometheus'),
  promtool: packaged('promtool', 'prometheus'),
  alertmanager: {
    ...alertmanager,
    unpacked: alone(async (search) => relocated(await alertmanagerPackage(search))),
  },
  amtool: packaged('amtool', 'prometheus-alertmanager'),
  postgresExporter: prefixed('prometheus-postgres-exporter', 'postgres_exporter'),
  redisExporter: prefixed('prometheus-redis-exporter', 'redis_exporter'),
  nodeExporter: prefixed('prometheus-node-exporter', 'node_exporter'),
};
