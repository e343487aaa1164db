/** Rules, their tests and the routes of alerts, by the tools of Prometheus themselves. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  defaultInfraDir,
  findPackaged,
  programHome,
  type PackagedProgram,
  type Program,
} from '@flowchart/infra';
import { parse } from 'yaml';
import { monitoringFiles } from './configuration.js';
import { programs } from './programs.js';

const run = promisify(execFile);
const prometheusFiles = join(monitoringFiles, 'prometheus');
const FETCH_LIMIT_MS = 120_000;

interface Rule {
  readonly alert: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

interface Check {
  readonly expr: string;
  readonly exp_samples: readonly unknown[];
}

async function tool(program: PackagedProgram): Promise<(...args: string[]) => Promise<string>> {
  const cacheDir = await programHome({ directory: defaultInfraDir, account: undefined });
  const { command, env }: Program = await findPackaged(program, { cacheDir, say: () => undefined });
  return async (...args) => {
    const { stdout, stderr } = await run(command, args, { env: { ...process.env, ...env } });
    return stdout + stderr;
  };
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(join(prometheusFiles, folder));
  return names.filter((name) => name.endsWith('.yml')).map((name) => join(prometheusFiles, folder, name));
}

async function rulesIn(folder: string): Promise<Rule[]> {
  const texts = await Promise.all((await filesIn(folder)).map((file) => readFile(file, 'utf8')));
  return texts.flatMap((text) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
  );
}

/** Alerts of which the tests say that they fire, or that they stay silent. */
async function tested(fires: boolean): Promise<Set<string | undefined>> {
  const texts = await Promise.all((await filesIn('tests')).map((file) => readFile(file, 'utf8')));
  const checks = texts.flatMap((text) =>
    (parse(text) as { tests: { promql_expr_test: Check[] }[] }).tests.flatMap(
      ({ promql_expr_test: expected }) => expected,
    ),
  );
  const wanted = checks.filter(({ exp_samples: samples }) => samples.length > 0 === fires);
  return new Set(
    wanted.map(({ expr }) => /ALERTS\{alertname="(\w+)", alertstate="firing"\}/.exec(expr)?.[1]),
  );
}

describe('the rules of Prometheus', () => {
  let promtool: (...args: string[]) => Promise<string>;
  let alerts: Rule[];

  beforeAll(async () => {
    promtool = await tool(programs.promtool);
    alerts = await rulesIn('alerts');
  }, FETCH_LIMIT_MS);

  it('are valid, and so is the configuration that names them', async () => {
    const said = await promtool('check', 'config', join(prometheusFiles, 'prometheus.yml'));
    for (const file of [...(await filesIn('rules')), ...(await filesIn('alerts'))])
      expect(said).toContain(`Checking ${file}\n  SUCCESS`);
  });

  it('fire when they should and not otherwise', async () => {
    const said = await promtool('test', 'rules', ...(await filesIn('tests')));
    expect(said.match(/SUCCESS/g)).toHaveLength((await filesIn('tests')).length);
  }, 120_000);

  it('have a firing and a silent case for every alert, and none for an alert that is not there', async () => {
    const names = alerts.map(({ alert }) => alert).sort();
    expect(new Set(names).size).toBe(names.length);
    expect([...(await tested(true))].sort()).toEqual(names);
    expect([...(await tested(false))].sort()).toEqual(names);
  });

  it('say for every alert how bad it is, what to do, and where to read on', () => {
    for (const { alert, labels, annotations, for: pending } of alerts) {
      expect([alert, labels.severity]).toEqual([alert, expect.stringMatching(/^(page|ticket)$/)]);
      expect([alert, annotations.runbook_url]).toEqual([
        alert,
        expect.stringMatching(/^docs\/troubleshooting\.md#[a-z-]+$/),
      ]);
      // What is wrong, then what to do.
      expect([alert, annotations.summary]).toEqual([alert, expect.stringMatching(/\{\{.+\. [A-Z].+\.$/)]);
      expect([alert, pending]).toEqual([alert, expect.stringMatching(/^\d+[smh]$/)]);
    }
  });
});

describe('the routes of Alertmanager', () => {
  const file = join(monitoringFiles, 'alertmanager', 'alertmanager.yml');
  let amtool: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    amtool = await tool(programs.amtool);
  }, FETCH_LIMIT_MS);

  it('are valid', async () => {
    expect(await amtool('check-config', file)).toContain('SUCCESS');
  });

  it.each([
    ['page', 'pagerduty'],
    ['ticket', 'chat'],
  ])('take a %s to %s', async (severity, receiver) => {
    const said = await amtool('config', 'routes', 'test', `--config.file=${file}`, `severity=${severity}`);
    expect(said).toMatch(new RegExp(`^${receiver}$`, 'm'));
  });

  it('take their secrets from files alone', async () => {
    const text = await readFile(file, 'utf8');
    expect(text.match(/\w*(?:key|url|token|password)(?:_file)?:/g)).toEqual([
      'routing_key_file:',
      'api_key_file:',
      'api_url_file:',
    ]);
  });
});
