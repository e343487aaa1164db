import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSystemSettings } from '../config.js';
import { sleep } from '../testing/settled.js';
import { ActuatorCollector } from './actuator.js';
import { describeSeries } from './catalogue.js';
import { Rates, type Collector, type Values } from './collector.js';
import { MachineCollector } from './machine.js';
import { ProcessCollector } from './proc.js';
import { readSamples } from './prometheus-text.js';
import { parseInfo } from './redis.js';
import { Columns } from './columns.js';
import { Sampler } from './sampler.js';
import { findSources } from './sources.js';
import { StackFile } from './stack-file.js';

const onLinux = process.platform === 'linux' ? it : it.skip;

describe('a page of metrics', () => {
  const page = [
    '# HELP cache_gets_total Look-ups',
    'cache_gets_total{result="hit",level="L1",route="/a \\"b\\" {c}"} 12',
    'up 1 1700000000000',
    'http_seconds_bucket{le="+Inf"} 9',
    'odd NaN',
    '',
  ].join('\n');

  it('gives the wanted samples with their labels, whatever those contain', () => {
    expect(readSamples(page, new Set(['cache_gets_total', 'up', 'odd']))).toEqual([
      {
        name: 'cache_gets_total',
        labels: { result: 'hit', level: 'L1', route: '/a \\"b\\" {c}' },
        value: 12,
      },
      { name: 'up', labels: {}, value: 1 },
    ]);
  });
});

describe('totals', () => {
  it('become rates from the second reading on, and begin anew when they fall', () => {
    const rates = new Rates();
    const at = (ms: number, total: number) => {
      rates.begin(ms);
      return rates.perSecond('total', total);
    };
    expect([at(0, 100), at(2000, 160), at(3000, 20)]).toEqual([undefined, 30, 20]);
  });

  it('of hits and misses become the share of hits since the reading before', () => {
    const rates = new Rates();
    const at = (hits: number, misses: number) => rates.hitRatio({ hits, misses });
    expect([at(100, 900), at(103, 901), at(103, 901)]).toEqual([undefined, 0.75, undefined]);
  });
});

describe('a service’s own metrics', () => {
  let server: Server;
  let answer: { status: number; body: string };
  let address: string;

  beforeEach(async () => {
    answer = { status: 200, body: '' };
    server = createServer((_, response) => response.writeHead(answer.status).end(answer.body));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  const page = (requests: number, seconds: number, hits: number) =>
    [
      'nodejs_memory_heap_used 5000',
      'nodejs_eventloop_delay_p99 0.0125',
      'process_memory_rss 9000',
      `http_server_requests_seconds_count{uri="/courses"} ${requests}`,
      `http_server_requests_seconds_count{uri="/actuator/health"} ${requests * 7}`,
      `http_server_requests_seconds_sum{uri="/courses"} ${seconds}`,
      `cache_gets_total{result="hit",level="L1",route="/courses"} ${hits}`,
      'cache_gets_total{result="miss",level="L1",route="/courses"} 10',
    ].join('\n');

  it('are read in our units; totals become what happened since the last reading', async () => {
    const collector = new ActuatorCollector({ part: 'edge', address, withProcess: false });
    answer.body = page(100, 5, 10);
    expect(await collector.read()).toEqual({ 'edge.heap': 5000, 'edge.loop_delay': 12.5 });
    await sleep(100);
    answer.body = page(200, 6, 40);
    const values = await collector.read();
    expect(values['edge.l1_hit_ratio']).toBe(1);
    // A hundred answers that waited 10 ms each: their mean number under way is requests/s times 10 ms.
    expect(values['edge.in_flight']).toBeCloseTo((values['edge.requests'] ?? 0) * 0.01, 9);
    expect(values['edge.rss']).toBeUndefined();
    await collector.close();
  });

  it('include its memory where nobody else can tell', async () => {
    answer.body = page(1, 1, 1);
    const collector = new ActuatorCollector({ part: 'edge', address, withProcess: true });
    expect((await collector.read())['edge.rss']).toBe(9000);
    await collector.close();
  });

  it.each([
    { status: 404, body: 'nothing here', reason: 'status 404' },
    {
      status: 200,
      body: '<html>a page for people</html>',
      reason: 'what answers there is no page of metrics',
    },
  ])('are refused when the answer is $reason', async ({ status, body, reason }) => {
    answer = { status, body };
    const collector = new ActuatorCollector({ part: 'edge', address, withProcess: true });
    await expect(collector.read()).rejects.toThrow(reason);
    await collector.close();
  });

  it('are all there is of a target that no stack of ours serves, and that is said', async () => {
    answer.body = page(1, 1, 1);
    const settings = readSystemSettings({ INFRA_DIR: join(tmpdir(), 'no-such-folder') });
    const { collectors, statements, missing } = await findSources(address, settings);
    expect(collectors.map(({ name }) => name)).toEqual(
      process.platform === 'linux' ? ['target (actuator)', 'machine'] : ['target (actuator)'],
    );
    expect(statements).toEqual([]);
    expect(missing.join('\n')).toMatch(/Processes: .* only its own metrics[^]*Postgres: [^]*Redis: /);
    for (const collector of collectors) await collector.close?.();
  });
});

describe('a process, as the kernel sees it', () => {
  const busy = 'const end = Date.now() + 1500; while (Date.now() < end);';

  onLinux('has its CPU, memory and files measured, and a new one after a restart its own', async () => {
    const first = spawn(process.execPath, ['-e', busy], { stdio: 'ignore' });
    await once(first, 'spawn');
    let pid = first.pid;
    const collector = new ProcessCollector('service', () => pid);
    expect(Object.keys(await collector.read())).toEqual(['service.rss', 'service.fds']);
    await sleep(500);
    const values = await collector.read();
    // It wants a whole core, and gets what a busy machine leaves it; one that rests uses next to nothing.
    expect(values['service.cpu']).toBeGreaterThan(0.03);
    expect(values['service.main_thread']).toBeLessThanOrEqual(1.1);
    expect(values['service.rss']).toBeGreaterThan(10e6);
    expect(values['service.fds']).toBeGreaterThan(2);
    first.kill();
    await once(first, 'exit');
    await expect(collector.read()).rejects.toThrow('ENOENT');
    pid = process.pid;
    expect((await collector.read())['service.cpu']).toBeGreaterThan(0);
  });

  onLinux('stands beside the whole machine', async () => {
    const machine = new MachineCollector();
    await machine.read();
    // The kernel counts in hundredths of a second: an idle machine would have none.
    for (const endMs = performance.now() + 200; performance.now() < endMs;);
    const values = await machine.read();
    expect(values['machine.cpu']).toBeGreaterThan(0);
    expect(values['machine.cpu']).toBeLessThanOrEqual(1);
    expect(values['machine.memory_available']).toBeGreaterThan(1e6);
    expect(values).toHaveProperty(['machine.net_in']);
    for (const name of Object.keys(values))
      expect([name, describeSeries(name)?.part]).toEqual([name, 'machine']);
  });
});

describe('the stack’s file', () => {
  it('tells whether the target is one of its parts, and nothing while it is not there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stack-file-'));
    const file = new StackFile(join(folder, 'stack.json'));
    expect(file.parts()).toEqual([]);
    const parts = [{ name: 'edge-gateway', pid: 7, port: 9000 }];
    writeFileSync(join(folder, 'stack.json'), JSON.stringify({ startedAt: 'now', parts }));
    expect(file.find('edge-gateway')).toEqual(parts[0]);
    const served = [
      'http://127.0.0.1:9000',
      'http://localhost:9000/base',
      'http://127.0.0.1:9001',
      'http://10.0.0.1:9000',
    ];
    expect(served.map((url) => file.serves(url))).toEqual([true, true, false, false]);
    rmSync(folder, { recursive: true });
  });
});

it('INFO of Redis is read line by line', () => {
  expect(parseInfo('# Memory\r\nused_memory:12\r\ndb0:keys=3,expires=1\r\n')).toEqual({
    used_memory: '12',
    db0: 'keys=3,expires=1',
  });
});

describe('sampling', () => {
  const collector = (name: string, read: () => Promise<Values>): Collector => ({ name, read });

  it('gives each second of the run what was read at its end, and tells of gaps without failing', async () => {
    let count = 0;
    const sampler = new Sampler([
      collector('good', async () => ({ 'good.count': count++ })),
      collector('bad', async () => {
        throw new Error('connection refused');
      }),
      collector('slow', () => sleep(1500).then(() => ({ 'slow.count': 1 }))),
    ]);
    sampler.start(Date.now() + 50);
    await sleep(2300);
    await sampler.stop();
    // Three readings: at the start, which has no second before it, and at the ends of seconds 0 and 1.
    expect(sampler.series()).toEqual([
      { second: 0, values: { 'good.count': 1 } },
      { second: 1, values: { 'good.count': 2, 'slow.count': 1 } },
    ]);
    expect(sampler.missing()).toEqual([
      'bad: nothing in 3 of 3 readings, at last because: connection refused.',
      'slow: nothing in 1 of 3 readings, at last because: the reading before took longer than a second.',
    ]);
  });
});

describe('the figures of a long run', () => {
  it('come back second by second, without those that nobody told', () => {
    const columns = new Columns();
    columns.set(1, 'edge.cpu', 0.5);
    columns.set(1000, 'edge.cpu', 0);
    columns.set(1000, 'redis.ops', 3);
    columns.set(1000, 'redis.ops', 4);
    expect(columns.rows()).toEqual([
      { second: 1, values: { 'edge.cpu': 0.5 } },
      { second: 1000, values: { 'edge.cpu': 0, 'redis.ops': 4 } },
    ]);
  });

  it('take the memory of their numbers', () => {
    const columns = new Columns();
    const bytes = () => process.memoryUsage().arrayBuffers;
    const before = bytes();
    for (let second = 0; second < 3600; second++) {
      for (let name = 0; name < 100; name++) columns.set(second, `series.${name}`, second + name / 7);
    }
    // 100 columns of 4096 seconds, and what was given up on the way there if nobody has collected it yet.
    expect(bytes() - before).toBeLessThan(2 * 100 * 4096 * 8 + 1e6);
    expect(columns.rows()).toHaveLength(3600);
  });
});
