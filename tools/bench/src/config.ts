/** The environment of the benches, and where they keep their files. */
import { fileURLToPath } from 'node:url';

/** What the programs that are measured are started with. */
export const callerEnvironment = (): NodeJS.ProcessEnv => ({ ...process.env });

const workspace = new URL('../../../', import.meta.url);

/** The same from `src` and from `dist`. */
export const folders = {
  workspace: fileURLToPath(workspace),
  workspaceUrl: workspace,
  results: fileURLToPath(new URL('tools/bench/results/', workspace)),
} as const;
