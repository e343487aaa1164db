/** The configuration in use: the files the containers use, with targets of this machine. */
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HOST, workspaceRoot } from '@flowchart/infra';
import type { MonitoringConfig, MonitoringPort } from './config.js';

/** What is scraped, as Prometheus' file_sd takes it. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
}

export type Targets = Readonly<Record<string, readonly TargetGroup[]>>;

/** In the repository, for the containers and for us. */
export const monitoringFiles = join(workspaceRoot, 'load-testing', 'monitoring');

/** Written by `monitoring:dashboards`. */
export const grafanaDashboards = join(monitoringFiles, 'grafana', 'dashboards');

/** By the file's name; what does not run has no target, so that nobody is alarmed of what was never there. */
export function targetsOf({ ports, services }: MonitoringConfig, running: ReadonlySet<string>): Targets {
  const at = (...names: readonly MonitoringPort[]): TargetGroup[] => {
    const targets = names.filter((name) => running.has(name)).map((name) => `${HOST}:${ports[name]}`);
    return targets.length > 0 ? [{ targets }] : [];
  };
  return {
    services: services.map(({ name, port }) => ({ targets: [`${HOST}:${port}`], labels: { service: name } })),
    alertmanager: at('alertmanager'),
    postgres: at('postgresExporter'),
    redis: at('redisExporter'),
    node: at('nodeExporter'),
    monitoring: at('prometheus', 'alertmanager'),
    tls: [],
  };
}

/** A fresh copy of the files, in a folder that is ours alone. */
export async function copyConfiguration(into: string, from = monitoringFiles): Promise<void> {
  await rm(into, { recursive: true, force: true });
  for (const part of ['prometheus', 'alertmanager'])
    await cp(join(from, part), join(into, part), { recursive: true });
}

export async function writeTargets(configuration: string, targets: Targets): Promise<void> {
  for (const [name, groups] of Object.entries(targets))
    await writeFile(
      join(configuration, 'prometheus', 'targets', `${name}.json`),
      `${JSON.stringify(groups, null, 2)}\n`,
    );
}
