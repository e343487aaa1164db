/** Runs a k6 script against a live server, without k6: its functions, its checks, its options. */
import { MessageChannel, Worker } from 'node:worker_threads';
import type { K6Answer, K6Ask, K6Run, K6ThreadData } from './messages.js';

export interface K6RunOptions {
  /** What the script finds in `__ENV`. */
  readonly env: Readonly<Record<string, string>>;
  readonly iterations: number;
}

const thread = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** Rejects with what the script throws. */
export async function runK6Script(script: URL, { env, iterations }: K6RunOptions): Promise<K6Run> {
  const { port1, port2 } = new MessageChannel();
  const signal = new Int32Array(new SharedArrayBuffer(4));
  const data: K6ThreadData = { script: script.href, env, iterations, port: port2, signal };
  const worker = new Worker(thread, { workerData: data, transferList: [port2] });
  try {
    return await new Promise<K6Run>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error(`${script.pathname} ended early`)));
      worker.on('message', resolve);
      port1.on('message', (message: K6Ask) => {
        void answer(message).then((received) => {
          port1.postMessage(received);
          Atomics.store(signal, 0, 1);
          Atomics.notify(signal, 0);
        });
      });
    });
  } finally {
    port1.close();
    await worker.terminate();
  }
}

async function answer({ method, url, body, headers }: K6Ask): Promise<K6Answer> {
  try {
    const response = await fetch(url, { method, headers, body, redirect: 'manual' });
    const text = await response.text();
    const named = [...response.headers].map(([name, value]) => [canonical(name), value]);
    return {
      status: response.status,
      headers: Object.fromEntries(named) as Record<string, string>,
      body: text === '' ? null : text,
    };
  } catch {
    return { status: 0, headers: {}, body: null };
  }
}

/** `content-type` is `Content-Type`, `etag` is `Etag`. */
const canonical = (name: string): string => name.replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
