// `ui`: the live page, until it is stopped.

import { Command, InvalidArgumentError } from 'commander';
import { ports } from '@flowchart/contracts';
import { ConfigError, folders, readConfig } from '../config.js';
import { isLoopback } from '../loopback.js';
import { collect } from './options.js';

interface UiOptions {
  readonly baseUrl?: string;
  readonly allowHost?: readonly string[];
  readonly bind: string;
}

const help = `
Examples:
  $ load-runner ui
  $ LOAD_RUNNER_PORT=8090 load-runner ui --base-url http://127.0.0.1:9100
  $ load-runner ui --allow-host staging.example.org
  $ curl -d 'profile=smoke&user_count=20&spawn_rate=5' http://127.0.0.1:${ports.loadRunnerUi.port}/swarm

Ctrl-C ends a run that is under way and writes its report first; once more leaves at once.

Exit codes:
  0 ended by Ctrl-C, 104 the port is taken, or no such address`;

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
      allowedHost,
    )
    .option(
      '--bind <address>',
      'address to listen on; from any other than this machine’s own, whoever reaches it may start load',
      '127.0.0.1',
    )
    .addHelpText('after', help)
    .action(serve);

/** Spelled as the host of a target will be; an address or a port would match none. */
function allowedHost(text: string, before?: readonly string[]): string[] {
  const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : undefined;
  if (url?.href !== `http://${url?.hostname}/`)
    throw new InvalidArgumentError(
      'It must be the name or address of a machine alone, like staging.example.org.',
    );
  return collect(url.hostname.replace(/^\[|\]$/g, ''), before);
}

async function serve(options: UiOptions): Promise<void> {
  const config = readConfig();
  // The web server is this command's alone; the others start faster and smaller without it.
  const { createUi } = await import('../ui/server.js');
  const { app, live } = createUi({
    defaultHost: (options.baseUrl ?? config.baseUrl).replace(/\/+$/, ''),
    allowedHosts: options.allowHost ?? [],
    resultsFolder: folders.results,
    bind: options.bind,
  });
  await app.listen({ host: options.bind, port: config.uiPort }).catch((error: NodeJS.ErrnoException) => {
    throw listenTrouble(error, options.bind, config.uiPort);
  });
  process.stdout.write(`load-runner: http://${shown(options.bind)}:${config.uiPort}\n`);
  if (!isLoopback(options.bind))
    process.stderr.write('load-runner: whoever reaches this address may start load; there is no login\n');
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

/** An IPv6 address stands in brackets in a URL. */
const shown = (address: string): string => (address.includes(':') ? `[${address}]` : address);

function listenTrouble(error: NodeJS.ErrnoException, bind: string, port: number): Error {
  if (error.code === 'EADDRINUSE')
    return new ConfigError(`port ${port} is taken; free it or set ${ports.loadRunnerUi.variable} to another`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new ConfigError(`--bind ${bind}: this machine has no such address`);
  return error;
}
