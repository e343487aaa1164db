/** `monitoring:snapshot`: writes a page with what every dashboard shows now, or has shown. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HOST, InfraError, runBin } from '@flowchart/infra';
import { readMonitoringConfig } from '../config.js';
import { readStretch } from './stretch.js';
import { USUAL_FILE, writeSnapshot } from './write-snapshot.js';

const HELP = `
Draws the panels of every dashboard from the data of a Prometheus, by the queries that Grafana uses, into one page that
opens without a network.

  npx nx run monitoring:snapshot
  npx nx run monitoring:snapshot -- --last 15m --out dashboards.html
  npx nx run monitoring:snapshot -- --from 2026-03-01T10:00:00Z --to 2026-03-01T10:30:00Z

Options
  --prometheus URL   where to read (http://127.0.0.1 and PROMETHEUS_PORT, else 9090)
  --last TIME        the time before now, like 90s, 5m, 2h, 1d (5m)
  --from, --to TIME  another stretch: ISO 8601, or a time before now as above; --to is now unless given
  --out FILE         where to write (snapshot.html in the monitoring's folder, .infra/monitoring)
`;

await runBin(HELP, async (args) => {
  const options = readOptions(args);
  const config = readMonitoringConfig();
  const prometheusUrl = options.prometheus ?? `http://${HOST}:${config.ports.prometheus}`;
  if (!URL.canParse(prometheusUrl))
    throw new InfraError(`--prometheus must be a URL, not "${prometheusUrl}"`);
  const file = resolve(options.out ?? join(config.directory, USUAL_FILE));
  const stretch = readStretch(options, Date.now() / 1000);
  process.stdout.write(`${await writeSnapshot({ prometheusUrl, ...stretch }, file)}\n`);
  return 0;
});

function readOptions(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    const options = { prometheus: text, last: text, from: text, to: text, out: text };
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new InfraError(`${error instanceof Error ? error.message : String(error)}\nsee --help`);
  }
}
