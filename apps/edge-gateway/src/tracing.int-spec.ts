import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, OtlpReceiver, type ReceivedSpan, testRedisUrl } from '@flowchart/testing';
import { startEdge, type TestEdge } from './testing/test-edge.js';
import { TestOrigin } from './testing/test-origin.js';

type Line = Record<string, unknown>;

const course = '/courses/code/CS101';
const plan = '/students/me/plan';
const caller = '00f067aa0ba902b7';
let traces = 0;
/** A trace that nobody else has, begun by a caller. */
const newTrace = (flags: '00' | '01' = '01') => {
  const traceId = (++traces).toString(16).padStart(32, 'a');
  return { traceId, traceparent: `00-${traceId}-${caller}-${flags}` };
};

describe('the traces of an edge', () => {
  let origin: TestOrigin;
  let receiver: OtlpReceiver;
  let edge: TestEdge;
  const lines: Line[] = [];

  const start = async (
    sampling = { parentBased: true, rootShare: 1 },
    url = `${receiver.endpoint}/v1/traces`,
  ) =>
    startEdge(
      origin,
      await testRedisUrl(),
      {},
      {},
      {
        logLevel: 'info',
        logTo: { write: (line) => void lines.push(JSON.parse(line) as Line) },
        tracing: { url, sampling },
      },
    );

  beforeAll(async () => {
    origin = await TestOrigin.start();
    origin.on(`GET ${course}`, { body: { code: 'CS101' }, headers: { 'surrogate-key': 'course:CS101' } });
    origin.on(`GET ${plan}`, { body: { version: 3 } });
    origin.otherwise({ body: { items: [] } });
    receiver = await OtlpReceiver.start();
  });
  afterAll(async () => {
    await receiver.stop();
    await origin.kill();
  });
  beforeEach(() => {
    origin.asked.length = 0;
    lines.length = 0;
  });
  afterEach(() => edge.stop());

  const sent = () => origin.asked.map(({ headers }) => headers['traceparent']);
  const rootOf = (spans: readonly ReceivedSpan[]) => {
    const root = spans.find(({ kind }) => kind === 'server');
    if (!root) throw new Error('the edge has recorded no request');
    return root;
  };

  it('hold a request, what it asked Redis and a service, and tell the service so', async () => {
    edge = await start();
    const { traceId, traceparent } = newTrace();
    await edge.fetch('/courses?q=swordfish', { headers: { traceparent } });
    const spans = await receiver.trace(traceId, (all) => all.some(({ kind }) => kind === 'server'));
    const root = rootOf(spans);
    expect(root).toMatchObject({
      service: 'edge-gateway',
      name: 'GET /courses',
      parentSpanId: caller,
      failed: false,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/courses',
        'url.path': '/courses',
        'http.response.status_code': 200,
        'flowchart.cache': 'MISS',
      },
    });
    const asked = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
    expect(asked.filter(({ attributes }) => attributes['db.system.name'] === 'redis')).not.toEqual([]);
    const call = asked.find(({ name }) => name === 'GET /courses') as ReceivedSpan;
    expect(call).toMatchObject({
      kind: 'client',
      attributes: { 'http.response.status_code': 200, 'url.full': `${origin.url}/courses` },
    });
    expect(sent()).toEqual([`00-${traceId}-${call.spanId}-01`]);
    const times = [root.startMs, call.startMs, call.endMs, root.endMs];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(JSON.stringify(receiver.requests)).not.toContain('swordfish');
  });

  it('hold an answer from memory, with where it was found', async () => {
    edge = await start();
    await edge.fetch(course, { headers: { traceparent: newTrace('00').traceparent } });
    const { traceId, traceparent } = newTrace();
    await edge.fetch(course, { headers: { traceparent } });
    const [span, ...more] = await receiver.trace(traceId, (all) => all.length > 0);
    expect(span).toMatchObject({
      name: 'GET /courses/code/{code}',
      kind: 'server',
      parentSpanId: caller,
      attributes: { 'http.response.status_code': 200, 'flowchart.cache': 'L1' },
    });
    expect(more).toEqual([]);
  });

  it('hold nothing of what the caller does not record, and hand that on as it came', async () => {
    edge = await start();
    const authorization = await edge.logIn('student1');
    origin.asked.length = 0;
    const { traceId, traceparent } = newTrace('00');
    for (const path of [course, course, plan])
      await edge.fetch(path, { headers: { traceparent, authorization } });
    const { traceId: later, traceparent: recorded } = newTrace();
    await edge.fetch(course, { headers: { traceparent: recorded } });
    await receiver.trace(later, (all) => all.length > 0);
    expect(receiver.of(traceId)).toEqual([]);
    expect(sent()).toEqual([traceparent, traceparent]);
  });

  it('are begun by the edge where nobody has, and services are told what it decided', async () => {
    edge = await start({ parentBased: true, rootShare: 0.5 });
    const authorization = await edge.logIn('student1');
    origin.asked.length = 0;
    for (let n = 0; n < 40; n++) await edge.fetch(plan, { headers: { authorization } });
    const told = sent().map((text) => String(text).split('-'));
    const flags = told.map(([, , , flag]) => flag);
    expect(flags.filter((flag) => flag === '01').length).toBeGreaterThan(5);
    expect(flags.filter((flag) => flag === '00').length).toBeGreaterThan(5);
    const recorded = told.filter(([, , , flag]) => flag === '01').map(([, traceId]) => traceId);
    await eventually(() => recorded.every((traceId) => receiver.of(traceId as string).length > 1));
    for (const [, traceId, , flag] of told)
      if (flag === '00') expect(receiver.of(traceId as string)).toEqual([]);
    expect(rootOf(receiver.of(recorded[0] as string)).parentSpanId).toBe('');
  });

  it('are on the lines that are logged, with the span of the edge', async () => {
    edge = await start();
    const authorization = await edge.logIn('student1');
    const { traceId, traceparent } = newTrace();
    await edge.fetch(plan, { headers: { traceparent, authorization, 'x-request-id': 'logged' } });
    const root = rootOf(await receiver.trace(traceId, (all) => all.some(({ kind }) => kind === 'server')));
    expect(lines.filter((line) => line['http.request.id'] === 'logged')).toMatchObject([
      { 'trace.id': traceId, 'span.id': root.spanId },
    ]);
  });

  it('show what failed, and hold no token, password or name', async () => {
    edge = await start();
    const authorization = await edge.logIn('student1');
    origin.on(`GET ${plan}`, { status: 500, body: {} });
    const { traceId, traceparent } = newTrace();
    await edge.fetch(plan, { headers: { traceparent, authorization, cookie: 'sid=swordfish' } });
    origin.on(`GET ${plan}`, { body: { version: 3 } });
    const spans = await receiver.trace(traceId, (all) => all.some(({ kind }) => kind === 'server'));
    expect(rootOf(spans)).toMatchObject({ failed: true, attributes: { 'http.response.status_code': 502 } });
    expect(spans.find(({ name, kind }) => kind === 'client' && name === `GET ${plan}`)).toMatchObject({
      failed: true,
      attributes: { 'http.response.status_code': 500, 'error.type': '500' },
    });
    const all = JSON.stringify(receiver.requests);
    for (const secret of ['swordfish', authorization.slice('Bearer '.length), 'student1', 'Ada'])
      expect(all).not.toContain(secret);
  });

  it('hold the last answer of an edge that stops', async () => {
    edge = await start();
    const { traceId, traceparent } = newTrace();
    origin.on(`GET ${course}`, async () => {
      await sleep(300);
      return { body: { code: 'CS101' } };
    });
    const answer = edge.fetch(course, { headers: { traceparent } });
    await eventually(() => origin.timesAsked(`GET ${course}`) === 1);
    await edge.stop();
    expect([(await answer).status, rootOf(receiver.of(traceId)).parentSpanId]).toEqual([200, caller]);
  });

  it('are given up without a word to clients while nobody takes them, and told once', async () => {
    edge = await start(undefined, 'http://127.0.0.1:1/v1/traces');
    const statuses = new Set<number>();
    const told = () => lines.filter((line) => line['log.logger'] === 'Tracing');
    const deadlineMs = Date.now() + 20_000;
    while (told().length === 0 && Date.now() < deadlineMs) {
      const answers = await Promise.all(Array.from({ length: 100 }, () => edge.fetch(course)));
      for (const { status } of answers) statuses.add(status);
    }
    for (let n = 0; n < 1000; n++) statuses.add((await edge.fetch(course)).status);
    expect([...statuses]).toEqual([200]);
    expect(told()).toMatchObject([{ 'log.level': 'warn' }]);
    const startedMs = performance.now();
    await edge.stop();
    expect(performance.now() - startedMs).toBeLessThan(4000);
    edge = await start();
  });
});
