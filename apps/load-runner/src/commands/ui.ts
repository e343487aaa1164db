// `ui`: the live page, until it is stopped.

import { Command } from 'commander';
import { ports } from '@flowchart/contracts';
import { ConfigError, folders, readConfig } from '../config.js';
import { collect } from './options.js';

interface UiOptions {
  readonly baseUrl?: string;
  readonly allowHost?: readonly string[];
}

export const uiCommand = (): Command =>
  new Command('ui')
    .description(`serve the live page on http://127.0.0.1:${ports.loadRunnerUi.port} (LOAD_RUNNER_PORT)`)
    .option(
      '--base-url <url>',
      'target that the form proposes (default: BASE_URL, else http://127.0.0.1 and EDGE_PORT or 9000)',
    )
    .option(
      '--allow-host <host>',
      'another machine that may be a target, beside this one; may be repeated',
      collect,
    )
    .addHelpText('after', '\nExample:\n  $ load-runner ui --allow-host staging.example.org')
    .action(serve);

async function serve(options: UiOptions): Promise<void> {
  const config = readConfig();
  // The web server is this command's alone; the others start faster and smaller without it.
  const { createUi } = await import('../ui/server.js');
  const { app, live } = createUi({
    defaultHost: (options.baseUrl ?? config.baseUrl).replace(/\/+$/, ''),
    allowedHosts: options.allowHost ?? [],
    resultsFolder: folders.results,
  });
  try {
    await app.listen({ host: '127.0.0.1', port: config.uiPort });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new ConfigError(
      `port ${config.uiPort} is taken; free it or set ${ports.loadRunnerUi.variable} to another`,
    );
  }
  process.stdout.write(`load-runner: http://127.0.0.1:${config.uiPort}\n`);
  // A run under way is ended first, and its report written; a second signal does not wait for that.
  const leave = (): void => {
    process.on('SIGINT', () => process.exit(1)).on('SIGTERM', () => process.exit(1));
    live.stop();
    void live
      .idle()
      .then(() => app.close())
      .then(() => process.exit(0));
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
}
