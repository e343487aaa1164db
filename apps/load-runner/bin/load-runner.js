#!/usr/bin/env node
// `npx load-runner`: the built command line. Unlike `nx run`, which ends with 1 for every failure, it keeps the exit code.

import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('error: the load-runner is not built yet; run `npx nx run load-runner:build` first\n');
  process.exitCode = 104;
}
