/** `monitoring:watched-run`: a load run with the monitoring beside it, and a page of what the dashboards showed. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST, InfraError, runBin, stopSignal, workspaceRoot } from '@flowchart/infra';
import { readMonitoringConfig } from './config.js';
import { startMonitoring } from './running-monitoring.js';
import { USUAL_FILE, writeSnapshot } from './snapshot/write-snapshot.js';

const HELP = `
Starts the system and the monitoring, runs a load profile that tells Prometheus of itself, writes a page of what every
dashboard showed meanwhile, and stops what it started. No Docker, no Grafana.

  npx nx run monitoring:watched-run -- spike --scale 0.2

Arguments are those of load-runner's run. The page: .infra/monitoring/snapshot.html; ports: monitoring:serve --help.
`;
/** The last second of a run is written, scraped and recorded by then. */
const SETTLE_MS = 3000;

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

await runBin(HELP, async (args) => {
  if (args.length === 0) throw new InfraError('which profile? See --help');
  const config = readMonitoringConfig();
  let load: ChildProcess | undefined;
  const signal = stopSignal((received) => load?.kill(received));
  const prometheusUrl = `http://${HOST}:${config.ports.prometheus}`;
  const monitoring = await startMonitoring({ config, say, signal });
  try {
    const fromSeconds = Date.now() / 1000;
    const loadRunner = join(workspaceRoot, 'apps', 'load-runner', 'dist', 'main.js');
    const told = ['--out', `prometheus-rw=${prometheusUrl}/api/v1/write`];
    load = spawn(process.execPath, [loadRunner, 'run', ...args, ...told], { stdio: 'inherit' });
    const [code] = (await once(load, 'exit')) as [number | null];
    await sleep(SETTLE_MS);
    const stretch = { fromSeconds, toSeconds: Date.now() / 1000 };
    say(await writeSnapshot({ prometheusUrl, ...stretch }, join(config.directory, USUAL_FILE)));
    return code ?? 1;
  } finally {
    await monitoring.stop();
  }
});
