// The Indexed Job of k8s/components/load-runner: its fields, and the very command line of its pods, run here as N processes.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { folders } from '../config.js';
import { readRun } from '../reports/run-folder.js';
import { main, start } from '../testing/command-line.js';
import { FakeEdge } from '../testing/fake-edge.js';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}
interface Volume {
  readonly name: string;
  readonly persistentVolumeClaim?: { readonly claimName: string };
}
interface Container {
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly Variable[];
  readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: object;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}
interface Job {
  readonly spec: Readonly<Record<string, unknown>> & {
    readonly completions: number;
    readonly template: {
      readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
      readonly spec: Readonly<Record<string, unknown>> & { readonly containers: readonly [Container] };
    };
  };
}
interface Kustomization {
  readonly resources: readonly string[];
  readonly configMapGenerator: readonly { readonly name: string; readonly literals: readonly string[] }[];
}

const component = join(folders.workspace, 'k8s/components/load-runner');
const read = <T>(name: string): T => parse(readFileSync(join(component, name), 'utf8')) as T;

describe('the Kubernetes component of the load-runner', () => {
  const job = read<Job>('job.yaml');
  const kustomization = read<Kustomization>('kustomization.yaml');
  const { template } = job.spec;
  const [container] = template.spec.containers;
  const parts = job.spec.completions;
  let edge: FakeEdge;
  let results: string;

  beforeAll(async () => {
    edge = await new FakeEdge().listen();
    edge.delayMs = 10;
    results = mkdtempSync(join(tmpdir(), 'load-runner-pods-'));
  });
  afterAll(async () => {
    await edge.close();
    rmSync(results, { recursive: true, force: true });
  });

  it('is an Indexed Job in which all parts run at once and none is tried again', () => {
    expect(job.spec).toMatchObject({ completionMode: 'Indexed', parallelism: parts, backoffLimit: 0 });
    expect(template.spec['restartPolicy']).toBe('Never');
    expect(template.metadata.annotations['flowchart/parts']).toBe(String(parts));
    expect(kustomization.resources).toEqual(['results-volume.yaml', 'job.yaml']);
    expect(read<{ spec: { accessModes: string[] } }>('results-volume.yaml').spec.accessModes).toEqual([
      'ReadWriteMany',
    ]);
  });

  it('keeps to the restricted pod security standard, and throttles no generator', () => {
    expect(template.spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
      capabilities: { drop: ['ALL'] },
    });
    expect(Object.keys(container.resources.limits)).not.toContain('cpu');
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/results', '/tmp']);
  });

  it('names nothing that it does not bring along', () => {
    const files = ['kustomization.yaml', ...kustomization.resources];
    const objects = files.map((name) => {
      const documents = parseAllDocuments(readFileSync(join(component, name), 'utf8'));
      if (!Array.isArray(documents)) throw new Error(`${name} is empty`);
      expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
      return documents.map((document) => document.toJS() as { kind: string; metadata?: { name: string } });
    });
    const claims = objects.flat().filter(({ kind }) => kind === 'PersistentVolumeClaim');
    const volumes = template.spec['volumes'] as readonly Volume[];
    const named = volumes.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
    expect(named).toEqual(claims.map(({ metadata }) => metadata?.name));
    expect(container.volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    // Without a request the scheduler may put all generators on one node.
    expect(container.resources.requests).toMatchObject({
      cpu: '1',
      memory: container.resources.limits['memory'],
    });
  });

  /** What kubelet does with the container: its environment, and the arguments with `$(NAME)` replaced. */
  function pod(index: number, settings: Readonly<Record<string, string>>) {
    const fields: Readonly<Record<string, string | undefined>> = {
      "metadata.annotations['flowchart/parts']": template.metadata.annotations['flowchart/parts'],
      "metadata.labels['batch.kubernetes.io/controller-uid']": 'b5f1',
    };
    const named = container.env.map(({ name, value, valueFrom }): [string, string] => {
      const known = value ?? fields[valueFrom?.fieldRef.fieldPath ?? ''];
      if (known === undefined) throw new Error(`kubelet has no value for ${name}`);
      return [name, known];
    });
    const env: Record<string, string> = {
      ...settings,
      ...Object.fromEntries(named),
      JOB_COMPLETION_INDEX: String(index),
    };
    const args = container.args.map((arg) =>
      arg.replaceAll(/\$\((\w+)\)/g, (text, name: string) => env[name] ?? text),
    );
    return { env, args };
  }

  it('takes every setting from a ConfigMap that the component makes', () => {
    const maps = kustomization.configMapGenerator;
    expect(container.envFrom.map(({ configMapRef }) => configMapRef.name)).toEqual(
      maps.map(({ name }) => name),
    );
    const settings = Object.fromEntries(
      maps.flatMap(({ literals }) => literals.map((text) => text.split(/=(.*)/, 2) as [string, string])),
    );
    expect(pod(1, settings).args).toEqual([
      ...['run', 'peak', '--base-url=http://edge-gateway:9000', '--workers=1'],
      ...['--shard=1/3', '--meet=/results/b5f1'],
    ]);
  });

  it('plays one load with the pods’ own command line, and the first pod tells of the whole', async () => {
    expect(container.command[0]).toBe('node');
    expect(main.endsWith(container.command[1] ?? 'nothing')).toBe(true);
    const profile = join(results, 'pods.yaml');
    writeFileSync(
      profile,
      'name: pods\nmodel: open\nstages: [{ rate: 90, hold: 2s }]\njourneys: { browse: 1 }\naudit: false\n' +
        'thresholds: { http_reqs: count>=150 }\n',
    );
    const pods = Array.from({ length: parts }, (_, index) => {
      const { env, args } = pod(index, { PROFILE: profile, BASE_URL: edge.url });
      const mounted = args.map((arg) => arg.replace('/results', results));
      return start(mounted, env).ended;
    });
    const ended = await Promise.all(pods);
    expect(ended.map(({ code, err }) => [code, err.includes('error')])).toEqual(pods.map(() => [0, false]));
    expect(ended[0]?.out).toContain('█ PASSED (exit code 0)');
    const folder = /Report: (.*)\/report\.html/.exec(ended[0]?.out ?? '')?.[1] ?? '';
    const { record } = readRun(folder);
    // No part has 150 requests: only the whole can pass.
    expect([record.generator.workers, record.shard, record.stages[0]?.offered]).toEqual([
      parts,
      undefined,
      180,
    ]);
    expect(readdirSync(join(results, 'b5f1')).filter((name) => name.endsWith('-of-3'))).toHaveLength(parts);
  }, 60_000);
});
