/**
 * Runs the Locust file with the real Locust for a short while: `npx nx run load-runner:locust-check`.
 * Locust goes into a Python environment of its own under .infra/, made once. Ends as Locust ends: 0 when all was well.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '2.47.0';
const folder = fileURLToPath(new URL('.', import.meta.url));
const environment = fileURLToPath(new URL(`../../.infra/locust-${version}/`, import.meta.url));
const locust = join(environment, 'bin', 'locust');

function run(command, ...args) {
  const { status, error } = spawnSync(command, args, { cwd: folder, stdio: 'inherit' });
  if (error) process.stderr.write(`${command}: ${error.message}\n`);
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(locust)) {
  process.stderr.write(`installing Locust ${version} into ${environment} (once)\n`);
  run('python3', '-m', 'venv', environment);
  run(
    join(environment, 'bin', 'pip'),
    'install',
    '--quiet',
    '--disable-pip-version-check',
    `locust==${version}`,
  );
}
const { BASE_URL = `http://127.0.0.1:${process.env.EDGE_PORT ?? 9000}` } = process.env;
const usual = ['--headless', '--only-summary', '-u', '20', '-r', '10', '-t', '30s', '--target', 'smoke'];
run(locust, '-f', 'locust-test.py', `--host=${BASE_URL}`, ...usual, ...process.argv.slice(2));
