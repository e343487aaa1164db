/** One request, and what comes of it in every process, is one trace. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Course } from '@flowchart/contracts';
import { freePort, readInfraConfig, serviceParts } from '@flowchart/infra';
import { eventually, OtlpReceiver, type ReceivedSpan } from '@flowchart/testing';
import { callerEnvironment } from './config.js';
import { call, login } from './edge-client.js';
import { startTestStack, type TestStack } from './test-stack.js';

const client = randomBytes(8).toString('hex');
const newTrace = (flags = '01') => {
  const traceId = randomBytes(16).toString('hex');
  return { traceId, traceparent: `00-${traceId}-${client}-${flags}` };
};

/** Spans that have all that `like` has. */
const matching = (spans: readonly ReceivedSpan[], like: Partial<ReceivedSpan>): ReceivedSpan[] =>
  spans.filter((span) =>
    Object.entries(like).every(([key, value]) => span[key as keyof ReceivedSpan] === value),
  );

/** The only span like that. */
function one(spans: readonly ReceivedSpan[], like: Partial<ReceivedSpan>): ReceivedSpan {
  const [span, ...more] = matching(spans, like);
  if (!span || more.length > 0)
    throw new Error(`${more.length + (span ? 1 : 0)} spans are like ${JSON.stringify(like)}`);
  return span;
}

const belowOf = (spans: readonly ReceivedSpan[], { spanId }: ReceivedSpan) =>
  spans.filter(({ parentSpanId }) => parentSpanId === spanId);
const parentsElsewhere = (spans: readonly ReceivedSpan[]): string[] => {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.map(({ parentSpanId }) => parentSpanId).filter((id) => !ids.has(id));
};
const systemsOf = (spans: readonly ReceivedSpan[]) =>
  new Set(spans.map(({ attributes }) => attributes['db.system.name']));

describe('a trace', () => {
  let receiver: OtlpReceiver;
  let own: TestStack;
  let baseUrl: string;

  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, CACHE_WARM_UP: 'off' };
    own = await startTestStack({ env });
    baseUrl = own.edges[0] as string;
  }, 120_000);
  afterAll(async () => {
    await own?.stop();
    await receiver?.stop();
  }, 60_000);

  it('goes from the edge through a service to PostgreSQL, and with the event to all who listen', async () => {
    const { accessToken: token } = await login('registrar', 'flowchart', baseUrl);
    const before = await call('/courses/code/CS501', { baseUrl });
    const { id, version: _version, ...course } = before.json as Course;
    const { traceId, traceparent } = newTrace();
    const changed = await call(`/courses/${id}`, {
      method: 'PUT',
      token,
      headers: { traceparent, 'if-match': before.headers.get('etag') as string },
      body: { ...course, title: `${course.title}, by swordfish` },
      baseUrl,
    });
    expect(changed.status).toBe(200);

    const route = 'PUT /courses/{id}';
    const listeners = ['degree-service', 'edge-gateway', 'student-service'];
    const handling = { kind: 'consumer', name: 'process flowchart:events' } as const;
    const spans = await receiver.trace(
      traceId,
      (all) =>
        matching(all, handling).length === listeners.length &&
        matching(all, { kind: 'producer' }).length === 1 &&
        matching(all, { kind: 'server', service: 'course-service', name: route }).length === 1 &&
        matching(all, { kind: 'server', parentSpanId: client }).length === 1,
    );
    const edge = one(spans, { service: 'edge-gateway', kind: 'server', name: route });
    const asked = one(spans, { service: 'edge-gateway', kind: 'client', name: route });
    const service = one(spans, { service: 'course-service', kind: 'server', name: route });
    expect([edge, asked, service].map(({ parentSpanId }) => parentSpanId)).toEqual([
      client,
      edge.spanId,
      asked.spanId,
    ]);
    const statements = belowOf(spans, service).filter(({ kind }) => kind === 'client');
    expect(systemsOf(statements)).toEqual(new Set(['postgresql']));
    expect(statements.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['START', 'UPDATE course_catalogue', 'INSERT course_outbox', 'COMMIT']),
    );

    const sent = one(spans, { service: 'course-service', kind: 'producer' });
    expect(sent.parentSpanId).toBe(service.spanId);
    const handled = matching(spans, handling);
    expect(handled.map((span) => span.service).sort()).toEqual(listeners);
    for (const span of handled) expect(span.parentSpanId).toBe(sent.spanId);
    const evicting = handled.find((span) => span.service === 'edge-gateway') as ReceivedSpan;
    expect(systemsOf(belowOf(spans, evicting))).toEqual(new Set(['redis']));

    const everything = JSON.stringify(receiver.requests);
    for (const secret of ['swordfish', token, 'registrar', course.title, course.description])
      expect(everything).not.toContain(secret);
  }, 30_000);

  it('is one also for who reads what is private, with the session that Redis keeps', async () => {
    const { accessToken: token } = await login('student1', 'flowchart', baseUrl);
    const { traceId, traceparent } = newTrace();
    expect((await call('/students/me/audit', { token, headers: { traceparent }, baseUrl })).status).toBe(200);
    const spans = await receiver.trace(
      traceId,
      (all) =>
        ['edge-gateway', 'student-service'].every((service) => matching(all, { service }).length > 1) &&
        String(parentsElsewhere(all)) === client,
    );
    const edge = one(spans, { kind: 'server', parentSpanId: client });
    expect(systemsOf(belowOf(spans, edge))).toContain('redis');
    expect(systemsOf(spans)).toContain('postgresql');
    for (const secret of [token, 'student1']) expect(JSON.stringify(receiver.requests)).not.toContain(secret);
  }, 30_000);

  it('is not there where the caller does not record it', async () => {
    const unrecorded = newTrace('00');
    const recorded = newTrace();
    for (const { traceparent } of [unrecorded, recorded])
      await call('/courses?q=unrecorded', { headers: { traceparent }, baseUrl });
    await receiver.trace(recorded.traceId, (all) => all.length > 0);
    expect(receiver.of(unrecorded.traceId)).toEqual([]);
  }, 30_000);
});

describe('an edge', () => {
  /** Tells the parent of each module of OpenTelemetry as it is asked for. */
  const teller = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from 'node:module';
    registerHooks({
      resolve(specifier, context, next) {
        const found = next(specifier, context);
        if (found.url.includes('/@opentelemetry/')) process.send(found.url);
        return found;
      },
    });`)}`;
  const edge = serviceParts(readInfraConfig(callerEnvironment)).find(({ name }) => name === 'edge-gateway');
  const isOk = ({ status }: { status: number }) => status === 200;
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  /** The packages of OpenTelemetry that an edge has loaded by the time that it answers. */
  async function loaded(env: Record<string, string>): Promise<Set<string>> {
    const port = await freePort();
    const child = fork(edge?.args[0] as string, {
      execArgv: ['--import', teller],
      env: {
        ...callerEnvironment,
        EDGE_PORT: String(port),
        LOG_LEVEL: 'silent',
        CACHE_WARM_UP: 'off',
        ...env,
      },
    });
    children.push(child);
    const packages = new Set<string>();
    child.on('message', (url) => packages.add(/\/@opentelemetry\/([^/]+)/.exec(url as string)?.[1] ?? ''));
    const baseUrl = `http://127.0.0.1:${port}`;
    await eventually(() => call('/actuator/health/liveness', { baseUrl }).then(isOk, () => false), 30_000);
    return packages;
  }

  it('loads nothing of the SDK where no spans are wanted, and does where they are', async () => {
    expect([...(await loaded({}))].filter((name) => name !== 'api')).toEqual([]);
    const wanted = await loaded({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' });
    expect([...wanted]).toEqual(expect.arrayContaining(['sdk-trace', 'exporter-trace-otlp-http']));
  }, 60_000);
});
