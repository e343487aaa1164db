// Serves `/metrics` on the loopback interface while the run goes on.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { OutputFigures } from '../../analysis/findings.js';
import { ConfigError } from '../../config.js';
import type { Output, OutputSecond } from '../output.js';
import { asLabels, contentType, exposition } from './exposition.js';
import { RunSeries, type Labels } from './series.js';

const host = '127.0.0.1';

export class PrometheusEndpoint implements Output {
  private readonly series = new RunSeries();
  private readonly server: Server;
  private scrapes = 0;

  constructor(
    private readonly port: number,
    /** Of every sample. */
    private readonly tags: Labels,
  ) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  async prepare(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error) =>
        reject(new ConfigError(`--out prometheus=${this.port}: cannot listen there (${error.message})`)),
      );
      this.server.listen(this.port, host, resolve);
    });
  }

  second(second: OutputSecond): void {
    this.series.add(second);
  }

  async finish(): Promise<OutputFigures> {
    const target = `http://${host}:${this.port}/metrics`;
    return { kind: 'prometheus', target, delivered: this.scrapes, dropped: 0, trouble: null };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer({ method, url }: IncomingMessage, response: ServerResponse): void {
    if (url?.split('?')[0] !== '/metrics' || (method !== 'GET' && method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('GET /metrics\n');
      return;
    }
    this.scrapes++;
    response.writeHead(200, { 'content-type': contentType });
    response.end(exposition(this.series.families(), asLabels(this.tags)));
  }
}
