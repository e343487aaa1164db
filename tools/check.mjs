/**
 * Everything that proves the project, in the order in which it fails fastest: `npm test`.
 * Goes on after a failure (only a failed build ends it), then says what failed and how many checks passed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MINIMUM_NODE = 24;
if (Number(process.versions.node.split('.')[0]) < MINIMUM_NODE) {
  process.stderr.write(
    `This runs on Node ${process.versions.node}, but needs Node ${MINIMUM_NODE}, which comes with the dependencies.\n` +
      'Run it as `npm test`, after `npm ci` without --ignore-scripts.\n',
  );
  process.exit(1);
}

const scratch = mkdtempSync(join(tmpdir(), 'flowchart-check-'));
const bin = (name) => join('node_modules', '.bin', name);

/** A suite counts its own tests; any other check counts as one. */
const steps = [
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '.'] },
  { name: 'build', command: [bin('nx'), 'run-many', '-t', 'build'], needed: true },
  { name: 'types', command: [bin('nx'), 'run-many', '-t', 'typecheck'] },
  { name: 'lint', command: [bin('nx'), 'run-many', '-t', 'lint'] },
  { name: 'unit', suite: 'jest.config.mjs' },
  { name: 'integration', suite: 'jest.int.config.mjs' },
  { name: 'end-to-end', suite: 'e2e/jest.config.mjs' },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no check ${unknown.join(', ')}. Checks: ${steps.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(2);
}

function run({ name, command, suite }) {
  process.stdout.write(`\n=== ${name}\n`);
  const startedMs = Date.now();
  const report = join(scratch, `${name}.json`);
  const [program, ...args] = command ?? [bin('jest'), '-c', suite, '--json', `--outputFile=${report}`];
  const env = { ...process.env, NODE_OPTIONS: suite ? '--experimental-vm-modules --no-warnings' : '' };
  // Jest prints its report to stderr; the JSON that it would also put on stdout is in the file.
  const { status } = spawnSync(program, args, {
    stdio: ['ignore', suite ? 'ignore' : 'inherit', 'inherit'],
    env,
  });
  const counts = suite
    ? suiteCounts(report, status)
    : { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
  process.stdout.write(
    `--- ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s\n`,
  );
  return { name, ...counts };
}

/** A suite that died before it wrote its report, or that failed without a failing test, is one failure. */
function suiteCounts(report, status) {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
    const brokenOtherwise = status !== 0 && numFailedTests === 0;
    return { passed: numPassedTests, failed: numFailedTests + (brokenOtherwise ? 1 : 0) };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const results = [];
for (const step of steps) {
  if (wanted.length > 0 && !wanted.includes(step.name)) continue;
  const result = run(step);
  results.push(result);
  if (step.needed && result.failed > 0) break;
}
rmSync(scratch, { recursive: true, force: true });

const passed = results.reduce((sum, result) => sum + result.passed, 0);
const failed = results.reduce((sum, result) => sum + result.failed, 0);
for (const result of results)
  if (result.failed > 0) process.stdout.write(`failed: ${result.name} (${result.failed})\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
