/** The dashboards against the files of Grafana, the alerts and the rules: what drifts apart is said here. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { grafanaDashboards, monitoringFiles } from '../configuration.js';
import { dashboards } from './all.js';
import { serviceNames, units, type Dashboard, type Panel } from './dashboard.js';
import { legendOf, rateWindowSeconds, substitute } from './expression.js';
import { grafanaJson } from './grafana.js';

const panelsOf = ({ rows }: Dashboard): Panel[] => rows.flatMap(({ panels }) => [...panels]);
const panels = dashboards.flatMap(panelsOf);
const prometheusFiles = join(monitoringFiles, 'prometheus');

interface Alert {
  readonly alert: string;
  readonly annotations: { readonly runbook_url: string };
}

async function rulesIn<Rule>(folder: string): Promise<Rule[]> {
  const names = await readdir(join(prometheusFiles, folder));
  const texts = await Promise.all(names.map((name) => readFile(join(prometheusFiles, folder, name), 'utf8')));
  return texts.flatMap((text) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules),
  );
}

describe('Grafana’s files', () => {
  it('are as `npx nx run monitoring:dashboards` writes them, and there are no others', async () => {
    const files = (await readdir(grafanaDashboards)).filter((name) => name.endsWith('.json'));
    expect(files.sort()).toEqual(dashboards.map(({ uid }) => `${uid}.json`).sort());
    for (const dashboard of dashboards) {
      const committed = await readFile(join(grafanaDashboards, `${dashboard.uid}.json`), 'utf8');
      expect(committed).toBe(grafanaJson(dashboard));
    }
  });

  it('name the data source that is provisioned, and no panel twice', async () => {
    const { datasources } = parse(
      await readFile(join(monitoringFiles, 'grafana/provisioning/datasources/datasources.yml'), 'utf8'),
    ) as { datasources: { uid: string; type: string }[] };
    expect(datasources).toContainEqual(expect.objectContaining({ uid: 'prometheus', type: 'prometheus' }));
    for (const dashboard of dashboards) {
      const written = JSON.parse(grafanaJson(dashboard)) as {
        panels: { id: number; type: string; datasource?: { uid: string }; gridPos: object }[];
      };
      expect(new Set(written.panels.map(({ id }) => id)).size).toBe(written.panels.length);
      expect(new Set(written.panels.map(({ gridPos }) => JSON.stringify(gridPos))).size).toBe(
        written.panels.length,
      );
      for (const { type, datasource } of written.panels)
        if (type !== 'row') expect(datasource?.uid).toBe('prometheus');
    }
  });
});

describe('every panel', () => {
  it('says what it shows, in which unit, under names that tell its lines apart', () => {
    for (const { title, description, unit, queries } of panels) {
      expect([title, description]).toEqual([title, expect.stringMatching(/^.{8,}[.]$/s)]);
      expect([title, Object.keys(units)]).toEqual([title, expect.arrayContaining([unit])]);
      expect([title, queries.length]).not.toEqual([title, 0]);
      const legends = queries.map(({ legend }) => legend);
      expect([title, new Set(legends).size]).toEqual([title, legends.length]);
    }
  });

  it('has a title of its own in its dashboard', () => {
    for (const dashboard of dashboards) {
      const titles = panelsOf(dashboard).map(({ title }) => title);
      expect([dashboard.title, new Set(titles).size]).toEqual([dashboard.title, titles.length]);
    }
  });

  it('asks for recorded series under names that are recorded', async () => {
    const recorded = new Set((await rulesIn<{ record: string }>('rules')).map(({ record }) => record));
    const asked = panels.flatMap(({ queries }) =>
      queries.flatMap(({ expr }) => expr.match(/\bservice:\w+:\w+/g) ?? []),
    );
    expect(asked.length).toBeGreaterThan(10);
    expect(asked.filter((name) => !recorded.has(name))).toEqual([]);
  });
});

describe('alerts', () => {
  let alerts: Alert[];
  beforeAll(async () => {
    alerts = await rulesIn<Alert>('alerts');
  });

  it('each have a panel that shows what they look at', () => {
    const shown = new Set(panels.flatMap((panel) => panel.alerts ?? []));
    expect([...shown].sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });

  it('lead to the same chapter as their panels', () => {
    for (const { title, alerts: names = [], runbook } of panels) {
      const wanted = names.map((name) => alerts.find(({ alert }) => alert === name)?.annotations.runbook_url);
      expect([title, wanted]).toEqual([title, names.map(() => `docs/troubleshooting.md#${runbook}`)]);
      expect([title, runbook !== undefined]).toEqual([title, names.length > 0]);
    }
  });
});

describe('what needs more than one machine', () => {
  /** From the documentation of kube-state-metrics, postgres_exporter and blackbox_exporter. */
  const documented = new Set([
    'kube_horizontalpodautoscaler_status_current_replicas',
    'kube_horizontalpodautoscaler_spec_max_replicas',
    'pg_replication_lag_seconds',
    'probe_ssl_earliest_cert_expiry',
  ]);
  const elsewhere = panels.filter((panel) => panel.elsewhere !== undefined);

  it('asks for metrics that are documented, and is little', () => {
    const names = elsewhere.flatMap(({ queries }) =>
      queries.map(({ expr }) => /\b(?:kube|pg|probe)_\w+/.exec(expr)?.[0]),
    );
    expect(names.filter((name) => name === undefined || !documented.has(name))).toEqual([]);
    expect(elsewhere.length).toBeLessThanOrEqual(3);
  });
});

describe('an expression', () => {
  it('has Grafana’s rate interval: at least four scrapes, or a step and a scrape', () => {
    expect(rateWindowSeconds({ stepSeconds: 1, scrapeSeconds: 5 })).toBe(20);
    expect(rateWindowSeconds({ stepSeconds: 60, scrapeSeconds: 5 })).toBe(65);
  });

  it('takes the service, and no variable that has no value', () => {
    const expr = 'rate(a_total{service="$service"}[$__rate_interval])';
    const [service] = serviceNames;
    expect(substitute(expr, { stepSeconds: 1, scrapeSeconds: 1, service })).toBe(
      'rate(a_total{service="edge-gateway"}[4s])',
    );
    expect(() => substitute(expr, { stepSeconds: 1, scrapeSeconds: 1 })).toThrow('$service has no value');
  });

  it('has lines named by labels, or by nothing where a label is not there', () => {
    expect(legendOf('{{a}} {{ b }}', { a: 'x' })).toBe('x ');
  });
});
