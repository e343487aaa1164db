// A process with one route and the metrics that our services expose; told to, it leaks memory, handles and files at each request.

import { openSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const leaky = process.argv.includes('--leak');
const kept: unknown[] = [];
/** 200 KB of numbers on the heap. */
const numbersPerRequest = 25_000;

function answer(): string {
  const numbers = Array.from({ length: numbersPerRequest }, () => Math.random());
  if (leaky)
    kept.push(
      numbers,
      setInterval(() => undefined, 1_000_000),
      openSync('/dev/null', 'r'),
    );
  return JSON.stringify(numbers.slice(0, 10));
}

const metrics = (): string =>
  [
    `nodejs_memory_heap_used ${process.memoryUsage().heapUsed}`,
    `nodejs_active_handles_total ${process.getActiveResourcesInfo().length}`,
    `process_memory_rss ${process.memoryUsage.rss()}`,
    '',
  ].join('\n');

// A soak is half an hour, with many collections of garbage; a test has seconds, so they have to come sooner.
const collect = global.gc;
if (collect) setInterval(() => void collect(), 500).unref();

const server = createServer(({ url }, response) => {
  response.end(url === '/actuator/prometheus' ? metrics() : answer());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
