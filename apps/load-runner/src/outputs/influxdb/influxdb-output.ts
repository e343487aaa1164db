// Writes each second of the run into an InfluxDB 1.x: in batches, with retries, and without ever holding up the run.

import type { OutputFigures, SystemSecond } from '../../analysis/findings.js';
import { Delivery, RefusedError } from '../delivery.js';
import type { Output, OutputSecond, Say } from '../output.js';
import { lines, type Point } from './line-protocol.js';
import { secondPoints } from './points.js';

const defaultDatabase = 'k6';
/** Of the system's series, which come all at once: well below what a delivery keeps before it gives the oldest up. */
const systemSecondsAtOnce = 300;

export interface InfluxdbOptions {
  /** `http://user:password@host:8086/database` */
  readonly url: string;
  /** Of every point. */
  readonly tags: Readonly<Record<string, string>>;
  readonly say: Say;
}

/** User and password go into a header: fetch refuses them in an address. */
interface Server {
  readonly origin: string;
  readonly database: string;
  readonly headers: Readonly<Record<string, string>>;
}

function parseServer(text: string): Server {
  const { origin, pathname, username, password } = new URL(text);
  const database = decodeURIComponent(pathname.slice(1)) || defaultDatabase;
  const account = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = `Basic ${Buffer.from(account).toString('base64')}`;
  return { origin, database, headers: username === '' ? {} : { authorization } };
}

export class InfluxdbOutput implements Output {
  private readonly server: Server;
  private readonly delivery: Delivery<readonly Point[]>;
  private databaseExists = false;

  constructor(private readonly options: InfluxdbOptions) {
    this.server = parseServer(options.url);
    this.delivery = new Delivery({
      kind: 'influxdb',
      target: `${this.server.origin}/${this.server.database}`,
      say: options.say,
      send: (seconds, signal) => this.write(seconds.flat(), signal),
    });
  }

  second(second: OutputSecond): void {
    this.delivery.push(secondPoints(second, this.options.tags));
  }

  async system(seconds: readonly SystemSecond[], startedAt: Date): Promise<void> {
    for (let from = 0; from < seconds.length; from += systemSecondsAtOnce) {
      for (const { second, values } of seconds.slice(from, from + systemSecondsAtOnce)) {
        const epochMs = startedAt.getTime() + second * 1000;
        this.delivery.push([{ measurement: 'system', tags: this.options.tags, fields: values, epochMs }]);
      }
      await this.delivery.finish();
    }
  }

  finish(): Promise<OutputFigures> {
    return this.delivery.finish();
  }

  private async write(points: readonly Point[], signal: AbortSignal): Promise<void> {
    const { database } = this.server;
    if (!this.databaseExists) {
      const statement = `CREATE DATABASE "${database.replace(/["\\]/g, '\\$&')}"`;
      await this.post('/query', new URLSearchParams({ q: statement }), signal);
      this.databaseExists = true;
    }
    await this.post(`/write?db=${encodeURIComponent(database)}&precision=ms`, lines(points), signal);
  }

  private async post(path: string, body: string | URLSearchParams, signal: AbortSignal): Promise<void> {
    const { origin, headers } = this.server;
    const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body, signal });
    const text = await response.text();
    if (response.ok) return;
    const trouble = `${response.status} ${text.trim().slice(0, 200)}`;
    // 404 means that the database has gone: it is made again with the next attempt.
    if (response.status === 404) this.databaseExists = false;
    else if (response.status < 500 && response.status !== 429) throw new RefusedError(trouble);
    throw new Error(trouble);
  }
}
