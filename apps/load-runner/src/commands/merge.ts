// `merge OUT RUN…`: the parts of a striped run become one run folder, with every report and a verdict of its own.

import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { unjudgedBaseline } from '../analysis/unjudged-baseline.js';
import { ConfigError } from '../config.js';
import { consoleSummary } from '../reports/console-summary.js';
import { writeRun } from '../reports/run-folder.js';
import { mergeRuns } from '../sharding/merge.js';

const examples = `
Example, three processes that share one load:
  $ at=$(( ($(date +%s) + 10) * 1000 ))
  $ for i in 0 1 2; do load-runner run peak --shard $i/3 --start-at $at --seed 7 & done; wait
  $ load-runner merge load-testing/results/merged-peak load-testing/results/*-peak-shard-*-of-3

Exit codes:
  those of the merged run: 0 passed, 99 a threshold failed, 105 interrupted, 120 a generator was the bottleneck;
  104 a part is missing, or belongs to another run`;

export const mergeCommand = (): Command =>
  new Command('merge')
    .description('make one run of the parts that several processes played together (run --shard)')
    .argument('<out>', 'folder of the merged run; must not exist')
    .argument('<run-folder...>', 'folders of all parts')
    .addHelpText('after', examples)
    .action(async (out: string, parts: readonly string[]) => {
      const folder = resolve(out);
      if (existsSync(folder)) throw new ConfigError(`${out} exists already; name a new folder`);
      const run = await mergeRuns(
        basename(folder),
        parts.map((part) => resolve(part)),
      );
      writeRun(folder, run);
      process.stdout.write(`${consoleSummary(run)}\n     Report: ${folder}/report.html\n`);
      const note = unjudgedBaseline(run.record.profile);
      if (note !== undefined) process.stderr.write(`${note}\n`);
      process.exitCode = run.record.verdict.exitCode;
    });
