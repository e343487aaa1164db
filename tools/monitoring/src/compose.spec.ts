/** The compose file against the files and names it relies on; no Docker is needed for that. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { readMonitoringConfig } from './config.js';
import { monitoringFiles, targetsOf, type TargetGroup } from './configuration.js';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[]; readonly interval: string };
  readonly mem_limit?: string;
  readonly cpus?: number;
  readonly networks: readonly string[];
}

describe('docker-compose-monitoring.yml', () => {
  let services: [string, Service][];

  beforeAll(async () => {
    const text = await readFile(join(monitoringFiles, 'docker-compose-monitoring.yml'), 'utf8');
    services = Object.entries(
      (parse(text, { merge: true }) as { services: Record<string, Service> }).services,
    );
  });

  it('brings up all that the issue names', () => {
    expect(services.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        ...['prometheus', 'alertmanager', 'grafana', 'influxdb', 'jaeger', 'postgres-exporter'],
        ...['redis-exporter', 'node-exporter', 'elasticsearch', 'kibana', 'filebeat'],
      ]),
    );
  });

  it('pins every version, checks the health of everything, and limits it', () => {
    for (const [name, service] of services) {
      expect([name, service.image]).toEqual([name, expect.stringMatching(/:v?\d+\.\d+\.\d+(-alpine)?$/)]);
      expect([name, service.healthcheck?.test[0], service.healthcheck?.interval]).toEqual([
        name,
        expect.stringMatching(/^CMD/),
        '10s',
      ]);
      expect([name, service.mem_limit, service.cpus]).toEqual([
        name,
        expect.stringMatching(/^\d+[mg]$/),
        expect.any(Number),
      ]);
    }
  });

  it('listens on loopback alone', () => {
    const published = services.flatMap(([, { ports = [] }]) => ports);
    expect(published.length).toBeGreaterThan(5);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('mounts only what is in the repository', async () => {
    const mounted = services.flatMap(([, { volumes = [] }]) =>
      volumes.filter((from) => from.startsWith('./')),
    );
    expect(mounted.length).toBeGreaterThan(4);
    for (const mount of mounted)
      await expect(stat(join(monitoringFiles, mount.split(':')[0] ?? ''))).resolves.toBeDefined();
  });

  it('has a service for every target that is not of the system itself', async () => {
    const folder = join(monitoringFiles, 'prometheus', 'targets');
    const system = ['edge-gateway', 'course-service', 'degree-service', 'student-service', 'localhost'];
    const known = new Set([...services.map(([name]) => name), ...system]);
    for (const file of await readdir(folder)) {
      const groups = JSON.parse(await readFile(join(folder, file), 'utf8')) as TargetGroup[];
      for (const target of groups.flatMap(({ targets }) => targets))
        expect(known).toContain(target.split(':')[0]);
    }
  });
});

describe('the targets without Docker', () => {
  const config = readMonitoringConfig({ EDGE_PORT: '9700', REDIS_EXPORTER_PORT: '9701' });

  it('stand in the same files, and label the services alike', async () => {
    const folder = join(monitoringFiles, 'prometheus', 'targets');
    const targets = targetsOf(config, new Set());
    expect(
      Object.keys(targets)
        .map((name) => `${name}.json`)
        .sort(),
    ).toEqual((await readdir(folder)).sort());
    const services = JSON.parse(await readFile(join(folder, 'services.json'), 'utf8')) as TargetGroup[];
    const labels = (groups: readonly TargetGroup[] = []) =>
      groups.map((group) => group.labels?.['service']).sort();
    expect(labels(targets['services'])).toEqual(labels(services));
  });

  it('name what runs, and nothing that does not', () => {
    const { redis, node, services } = targetsOf(config, new Set(['redisExporter']));
    expect(redis).toEqual([{ targets: ['127.0.0.1:9701'] }]);
    expect(node).toEqual([]);
    expect(services).toContainEqual({ targets: ['127.0.0.1:9700'], labels: { service: 'edge-gateway' } });
  });

  it('are refused with a port that is none', () => {
    expect(() => readMonitoringConfig({ PROMETHEUS_PORT: '0' })).toThrow(
      'PROMETHEUS_PORT must be a port from 1 to 65535, not "0".',
    );
  });
});
