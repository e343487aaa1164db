/** `monitoring:dashboards`: writes Grafana's files, which are committed; dashboards.spec.ts fails when they are not as here. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfraError, runBin } from '@flowchart/infra';
import { grafanaDashboards } from '../configuration.js';
import { dashboards } from './all.js';
import { grafanaJson } from './grafana.js';

const HELP = `
Writes the dashboards that Grafana is provisioned with from their definitions in tools/monitoring/src/dashboards.

  npx nx run monitoring:dashboards
`;

await runBin(HELP, async (args) => {
  if (args.length > 0) throw new InfraError(`${args.join(' ')} is not understood; see --help`);
  await mkdir(grafanaDashboards, { recursive: true });
  for (const dashboard of dashboards) {
    const file = join(grafanaDashboards, `${dashboard.uid}.json`);
    await writeFile(file, grafanaJson(dashboard));
    process.stdout.write(`${file}\n`);
  }
  return 0;
});
