#!/usr/bin/env -S node --max-semi-space-size=2 --heap-growing-percent=30
// `npx load-runner`: the built command line. Unlike `nx run`, which ends with 1 for every failure, it keeps the exit code.
// Young objects get 2 MB at a time, and the heap grows by 30 % before it is swept: left alone, Node.js takes a third more memory
// on a large machine, for figures that live a second.

import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('error: the load-runner is not built yet; run `npx nx run load-runner:build` first\n');
  process.exitCode = 104;
}
