// `report <run-folder>`: prints the summary of an earlier run and makes its reports again.

import { resolve } from 'node:path';
import { Command } from 'commander';
import { consoleSummary } from '../reports/console-summary.js';
import { readRun, writeRun } from '../reports/run-folder.js';

const help = `
Example:
  $ load-runner report load-testing/results/2026-11-22T10-15-00-smoke

Exit codes:
  0 written, whatever the run's own verdict was, 104 no folder of a run`;

export const reportCommand = (): Command =>
  new Command('report')
    .description('print the summary of an earlier run and write its reports again')
    .argument('<run-folder>', 'folder of a run, as under load-testing/results')
    .addHelpText('after', help)
    .action((folder: string) => {
      const path = resolve(folder);
      const run = readRun(path);
      writeRun(path, run);
      process.stdout.write(`${consoleSummary(run)}\n     Report: ${path}/report.html\n`);
    });
