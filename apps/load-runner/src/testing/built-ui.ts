// The built live page, engine and all, in front of a stand-in of the edge; its runs go to a folder of its own.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LiveRun } from '../ui/live-run.js';
import { FakeEdge } from './fake-edge.js';

/** Threads of the engine need compiled files. */
const built = fileURLToPath(new URL('../../dist/ui/server.js', import.meta.url));

export interface BuiltUi {
  readonly url: string;
  readonly edge: FakeEdge;
  readonly live: LiveRun;
  readonly resultsFolder: string;
  close(): Promise<void>;
}

export async function startBuiltUi(): Promise<BuiltUi> {
  if (!existsSync(built)) throw new Error('build first: npx nx run load-runner:build');
  const { createUi } = (await import(built)) as typeof import('../ui/server.js');
  const edge = await new FakeEdge().listen();
  const resultsFolder = mkdtempSync(join(tmpdir(), 'load-runner-ui-'));
  const { app, live } = createUi({ defaultHost: edge.url, allowedHosts: [], resultsFolder });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    ...{ edge, live, resultsFolder },
    close: async () => {
      live.stop();
      await live.idle();
      await app.close();
      await edge.close();
      rmSync(resultsFolder, { recursive: true, force: true });
    },
  };
}
