/**
 * The monitoring's files for a drill, made from the real ones: the same rules and routes with every duration a tenth, and
 * a webhook of the test's own as every receiver. No expression, threshold or label is other than in production.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyConfiguration } from '@flowchart/monitoring';

const SHORTER = 10;
const SECONDS_OF: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** What has a duration: windows, offsets, and the settings that wait. Names such as `rate2m` are none. */
const DURATION =
  /(\[|offset |for: |interval: |evaluation_interval: |group_wait: |group_interval: )(\d+)([smhd])/g;

export async function writeDrillFiles(into: string, webhook: string): Promise<void> {
  await copyConfiguration(into);
  for (const folder of ['prometheus/rules', 'prometheus/alerts']) {
    for (const name of await readdir(join(into, folder))) await rewrite(join(into, folder, name), shorter);
  }
  await rewrite(join(into, 'prometheus/prometheus.yml'), (text) =>
    // Scraping stays as it is: a second is short enough.
    text.replace(/(?<=evaluation_interval: )\w+/, '1s').replaceAll(/(?<=refresh_interval: )\w+/g, '1s'),
  );
  await rewrite(join(into, 'alertmanager/alertmanager.yml'), (text) => shorter(toldTo(webhook, text)));
}

export const shorter = (text: string): string =>
  text.replaceAll(DURATION, (_, before: string, count: string, unit: string) => {
    const seconds = (Number(count) * (SECONDS_OF[unit] ?? 1)) / SHORTER;
    return `${before}${Math.max(1, Math.round(seconds))}s`;
  });

/** Each receiver under its own path, so that it is seen which one was told. */
function toldTo(webhook: string, text: string): string {
  const [routes = '', receivers = '', rest = ''] = text.split(/^(?=receivers:|inhibit_rules:)/m);
  const names = [...receivers.matchAll(/^ {2}- name: (\S+)/gm)].map(([, name]) => name);
  const hooks = names.map(
    (name) =>
      `  - name: ${name}\n    webhook_configs: [{ url: '${webhook}/${name}', send_resolved: true }]\n`,
  );
  return `${routes}receivers:\n${hooks.join('')}${rest}`;
}

async function rewrite(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')));
}
