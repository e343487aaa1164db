// A reverse proxy that makes a system slower by a known share, for proofs that a comparison finds it. Runs as it stands:
//   node apps/load-runner/src/testing/delay-proxy.ts --listen 9748 --target http://127.0.0.1:9000 --percent 15
// With --percent 0 it only passes on: the baseline goes through it, too, so that its own cost is on both sides.

import {
  Agent,
  createServer,
  request as ask,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

export interface Delay {
  /** Share of the target's own time, 0.15 for 15 %. */
  readonly share: number;
  readonly fixedMs: number;
}

export function delayProxy(target: string, { share, fixedMs }: Delay): Server {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  // Timers know whole milliseconds only: what one answer was held too short or too long, the next ones make up for.
  let owedMs = 0;

  const hold = async (tookMs: number): Promise<void> => {
    owedMs += tookMs * share + fixedMs;
    const waitMs = Math.floor(owedMs);
    if (waitMs < 1) return;
    owedMs -= waitMs;
    const from = performance.now();
    await sleep(waitMs);
    owedMs -= performance.now() - from - waitMs;
  };

  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const from = performance.now();
    const { method, headers, url = '/' } = request;
    const onward = ask(new URL(url, target), { method: method ?? 'GET', headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        void hold(performance.now() - from).then(() => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.end(Buffer.concat(chunks));
        });
      });
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  };
  const server = createServer(pass);
  server.keepAliveTimeout = 60_000;
  server.on('close', () => agent.destroy());
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '9748' },
      target: { type: 'string', default: 'http://127.0.0.1:9000' },
      percent: { type: 'string', default: '0' },
      'fixed-ms': { type: 'string', default: '0' },
    },
  });
  const delay = { share: Number(values.percent) / 100, fixedMs: Number(values['fixed-ms']) };
  delayProxy(values.target, delay).listen(Number(values.listen), '127.0.0.1', () => {
    process.stdout.write(
      `http://127.0.0.1:${values.listen} → ${values.target}, ${values.percent} % slower\n`,
    );
  });
}
