/** Takes a snapshot and leaves it as a page. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { workspaceRoot } from '@flowchart/infra';
import { snapshotPage } from './page.js';
import { takeSnapshot, type Snapshot, type SnapshotOptions } from './take-snapshot.js';

/** In the folder of the monitoring, unless somebody wants it elsewhere. */
export const USUAL_FILE = 'snapshot.html';

/** Resolves with what there was to see, in a line. */
export async function writeSnapshot(options: SnapshotOptions, file: string): Promise<string> {
  const snapshot = await takeSnapshot(options);
  const folder = dirname(file);
  const runbooks = relative(folder, join(workspaceRoot, 'docs', 'troubleshooting.md'));
  await mkdir(folder, { recursive: true });
  await writeFile(file, snapshotPage(snapshot, runbooks));
  return `${summaryOf(snapshot)}\nDashboards: ${file}`;
}

function summaryOf({ sections }: Snapshot): string {
  const panels = sections.flatMap(({ rows }) => rows.flatMap((row) => row.panels));
  const failed = panels.filter(({ failures }) => failures.length > 0).length;
  const empty = panels.filter(({ lines, failures }) => lines.length === 0 && failures.length === 0).length;
  return `${panels.length} panels, ${empty} without data, ${failed} failed`;
}
