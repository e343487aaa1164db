// Writes the series of the run to a Prometheus, or anything that takes its remote write, each second.

import { pushTimeseries } from 'prometheus-remote-write';
import type { OutputFigures } from '../../analysis/findings.js';
import { Delivery, RefusedError } from '../delivery.js';
import type { Output, OutputSecond, Say } from '../output.js';
import { asLabels } from './exposition.js';
import { RunSeries, type Labels, type Sample } from './series.js';

export interface RemoteWriteOptions {
  /** `http://user:password@host:9090/api/v1/write` */
  readonly url: string;
  /** Of every sample. */
  readonly tags: Labels;
  readonly say: Say;
}

interface SecondSamples {
  readonly samples: readonly Sample[];
  readonly epochMs: number;
}

export class RemoteWriteOutput implements Output {
  private readonly series = new RunSeries();
  private readonly delivery: Delivery<SecondSamples>;
  private readonly url: URL;
  private readonly auth: { username: string; password: string } | undefined;

  constructor(private readonly options: RemoteWriteOptions) {
    this.url = new URL(options.url);
    const { username, password } = this.url;
    if (username !== '')
      this.auth = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
    // fetch refuses an address with a password in it.
    this.url.username = this.url.password = '';
    const target = this.url.href;
    const send = (seconds: readonly SecondSamples[], signal: AbortSignal) => this.write(seconds, signal);
    this.delivery = new Delivery({ kind: 'prometheus-rw', target, say: options.say, send });
  }

  second(second: OutputSecond): void {
    this.series.add(second);
    const samples = this.series.families().flatMap((family) => family.samples);
    // What was counted up to the end of the second.
    this.delivery.push({ samples, epochMs: second.epochMs + 1000 });
  }

  finish(): Promise<OutputFigures> {
    return this.delivery.finish();
  }

  private async write(seconds: readonly SecondSamples[], signal: AbortSignal): Promise<void> {
    const result = await pushTimeseries(this.timeseries(seconds), {
      url: this.url.href,
      ...(this.auth && { auth: this.auth }),
      fetch: (url, init) => fetch(url, { ...(init as RequestInit), signal }),
      headers: { 'Content-Encoding': 'snappy', 'X-Prometheus-Remote-Write-Version': '0.1.0' },
    });
    if (result.status < 300) return;
    const trouble = `${result.status} ${(result.errorMessage ?? result.statusText).trim().slice(0, 200)}`;
    // The protocol: any 4xx but 429 is not to be sent again.
    if (result.status < 500 && result.status !== 429) throw new RefusedError(trouble);
    throw new Error(trouble);
  }

  /** Labels sorted by name, samples of a series by time: the protocol asks for both. */
  private timeseries(seconds: readonly SecondSamples[]) {
    const always = asLabels(this.options.tags);
    const all = new Map<
      string,
      { labels: { __name__: string } & Labels; samples: { value: number; timestamp: number }[] }
    >();
    for (const { samples, epochMs } of seconds) {
      for (const { name, labels, value } of samples) {
        const entries = Object.entries({ ...always, ...labels }).sort(([a], [b]) => (a < b ? -1 : 1));
        const key = JSON.stringify([name, entries]);
        const one = all.get(key) ?? {
          labels: { __name__: name, ...Object.fromEntries(entries) },
          samples: [],
        };
        one.samples.push({ value, timestamp: epochMs });
        all.set(key, one);
      }
    }
    return [...all.values()];
  }
}
