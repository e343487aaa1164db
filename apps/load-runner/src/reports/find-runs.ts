// Which run folders a pattern means, and their records.

import { existsSync, globSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { RunRecord } from '../analysis/record.js';
import { readRecord, RunFolderError } from './run-folder.js';

/**
 * The records of the runs that patterns like `load-testing/results/2026-11-*-load` match, in the order of their start. A
 * pattern may mean the folders or the `run.json` in them.
 *
 * @throws RunFolderError when one matches no run, or a run cannot be read
 */
export function findRuns(patterns: readonly string[]): RunRecord[] {
  const folders = new Set(patterns.flatMap(runFolders));
  const records = [...folders].map(readRecord);
  return records.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function runFolders(pattern: string): string[] {
  const matches = globSync(pattern).map((path) => resolve(path));
  const folders = matches
    .map((path) => (basename(path) === 'run.json' ? dirname(path) : path))
    .filter((path) => existsSync(join(path, 'run.json')));
  if (folders.length > 0) return folders;
  throw new RunFolderError(
    matches.length === 0
      ? `nothing matches "${pattern}"; give a pattern of run folders, like 'load-testing/results/*-load'`
      : `"${pattern}" matches ${matches.length} files or folders, but none is a run folder (one with a run.json)`,
  );
}
