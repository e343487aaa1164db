import { setTimeout as sleep } from 'node:timers/promises';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { deadlineHeader } from '@flowchart/contracts';
import { AssertionSigner, derivedKeys, Meters } from '@flowchart/platform';
import { eventually } from '@flowchart/testing';
import { BrokenCircuitError, CircuitState } from 'cockatiel';
import { TestOrigin } from '../testing/test-origin.js';
import { Upstream, type UpstreamCall, type UpstreamOptions } from './upstream.js';
import { UpstreamMeters } from './upstream-meters.js';

const path = '/thing';
const never = () => new Promise<never>(() => undefined);
const read: UpstreamCall = { method: 'GET', path, uri: path, headers: {} };
const write: UpstreamCall = { method: 'POST', path, uri: path, headers: {}, body: '{}' };

describe('an upstream', () => {
  let origin: TestOrigin;
  let registry: Meters;
  let meters: UpstreamMeters;
  const open: Upstream[] = [];

  beforeEach(async () => {
    origin = await TestOrigin.start();
    origin.on(`GET ${path}`, { body: { ok: true } });
    registry = new Meters();
    meters = new UpstreamMeters(registry);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((upstream) => upstream.close()));
    await origin.kill();
  });

  function connect(given: Partial<UpstreamOptions> = {}): Upstream {
    const service = given.service ?? 'course-service';
    const upstream = new Upstream({
      service,
      baseUrl: origin.url,
      timeoutMs: 2000,
      connections: 8,
      queue: 100,
      signer: new AssertionSigner({ name: 'edge', identityKeys: derivedKeys(['secret']) }, service),
      meter: meters.of(service),
      ...given,
    });
    open.push(upstream);
    return upstream;
  }

  /** The status of the answer, or of the problem in its place. */
  const statusOf = (upstream: Upstream, call = read): Promise<number> =>
    upstream.call(call).then(
      ({ status }) => status,
      (error: { kind: { status: number } }) => error.kind.status,
    );

  const countOf = (statuses: readonly number[], wanted: number): number =>
    statuses.filter((status) => status === wanted).length;

  it('counts each call once, by how it ended', async () => {
    const upstream = connect();
    await statusOf(upstream);
    origin.on(`GET ${path}`, { status: 500 });
    await statusOf(upstream);
    await statusOf(upstream, { ...read, spentMs: 2000 });
    await origin.kill();
    await statusOf(upstream);
    const readings = (await registry.find('http.client.requests')?.read()) ?? [];
    const counts = readings
      .filter(({ statistic }) => statistic === 'COUNT')
      .map(({ tags, value }) => [`${tags['uri']} ${tags['status']}`, value]);
    expect(Object.fromEntries(counts)).toEqual({
      '/thing 200': 1,
      '/thing 500': 1,
      '/thing timeout': 1,
      '/thing connection': 1,
    });
  });

  it('takes a mistake in the request for no failure of the service', async () => {
    // undici uses no connection again on which it refused to send something.
    const upstream = connect({ connections: 20 });
    for (let call = 0; call < 20; call++) {
      await expect(upstream.call({ ...read, headers: { bad: 'line\nbreak' } })).rejects.toThrow(/header/);
    }
    expect(upstream.state.circuit).toBe(CircuitState.Closed);
  });

  describe('with a deadline', () => {
    it('tells the service how long the caller still waits', async () => {
      await connect().call({ ...read, spentMs: 500 });
      const told = Number(origin.asked[0]?.headers[deadlineHeader]);
      expect(told).toBeGreaterThan(500);
      expect(told).toBeLessThanOrEqual(1500);
    });

    it('does not ask for what nobody waits for any more, and blames no service for it', async () => {
      const upstream = connect();
      for (let call = 0; call < 20; call++) {
        expect(await statusOf(upstream, { ...read, spentMs: 2000 })).toBe(504);
      }
      expect(origin.asked).toHaveLength(0);
      expect(upstream.state.circuit).toBe(CircuitState.Closed);
    });

    it('counts the time in the queue', async () => {
      origin.on(`GET ${path}`, never);
      const upstream = connect({ connections: 1, timeoutMs: 300 });
      const startedMs = performance.now();
      const statuses = await Promise.all(Array.from({ length: 5 }, () => statusOf(upstream)));
      expect(statuses).toEqual([504, 504, 504, 504, 504]);
      // One after the other they would have taken five times as long.
      expect(performance.now() - startedMs).toBeLessThan(1400);
      expect(upstream.state).toMatchObject({ active: 0, queued: 0 });
    });
  });

  describe('with a bulkhead', () => {
    it('refuses at once what does not fit into the queue', async () => {
      origin.on(`GET ${path}`, never);
      const upstream = connect({ connections: 2, queue: 3 });
      const waiting = Array.from({ length: 5 }, () => statusOf(upstream));
      expect(upstream.state).toMatchObject({ active: 2, queued: 3 });
      await expect(upstream.call(read)).rejects.toMatchObject({
        kind: { status: 503 },
        headers: { 'retry-after': '1' },
      });
      expect(await Promise.all(waiting)).toEqual([504, 504, 504, 504, 504]);
    });

    it('keeps a service that hangs under a thousand calls from slowing another down', async () => {
      const students = connect({ service: 'student-service' });
      origin.on('GET /students/me', never);
      const hanging = Array.from({ length: 1000 }, () =>
        statusOf(students, { ...read, path: '/students/me' }),
      );
      await eventually(() => origin.timesAsked('GET /students/me') === 8);
      const courses = connect();
      for (let call = 0; call < 50; call++) expect(await statusOf(courses)).toBe(200);
      expect(students.state).toMatchObject({ active: 8, queued: 100 });
      const statuses = await Promise.all(hanging);
      expect([countOf(statuses, 503), countOf(statuses, 504)]).toEqual([892, 108]);
      expect(origin.timesAsked('GET /students/me')).toBeLessThan(50);
    });
  });

  describe('with a budget for retries', () => {
    it('reads again when a connection breaks, and does not write again', async () => {
      const upstream = connect();
      let requests = 0;
      const breakOnce = async () => {
        if (requests++ > 0) return { body: {} };
        await origin.kill();
        await origin.open();
        return {};
      };
      origin.on(`GET ${path}`, breakOnce);
      expect(await statusOf(upstream)).toBe(200);
      requests = 0;
      origin.on(`POST ${path}`, breakOnce);
      expect(await statusOf(upstream, write)).toBe(503);
      expect([origin.timesAsked(`GET ${path}`), origin.timesAsked(`POST ${path}`)]).toEqual([2, 1]);
    });

    it('reads again when the service is not ready, and gives up when it still is not', async () => {
      let requests = 0;
      origin.on(`GET ${path}`, () => (requests++ === 0 ? { status: 503 } : { body: {} }));
      const upstream = connect();
      expect(await statusOf(upstream)).toBe(200);
      origin.on(`GET ${path}`, { status: 503 });
      expect(await statusOf(upstream)).toBe(503);
      expect(origin.timesAsked(`GET ${path}`)).toBe(4);
    });

    it('lets a thousand reads of a failing service cause a tenth more', async () => {
      origin.on(`GET ${path}`, { status: 503 });
      const upstream = connect();
      const startedMs = performance.now();
      const all = async () => {
        for (let call = 0; call < 125; call++) await statusOf(upstream);
      };
      await Promise.all(Array.from({ length: 8 }, all));
      const seconds = (performance.now() - startedMs) / 1000;
      expect(origin.timesAsked(`GET ${path}`)).toBeGreaterThan(1050);
      expect(origin.timesAsked(`GET ${path}`)).toBeLessThanOrEqual(1000 + 100 + 20 + Math.ceil(seconds));
    });
  });

  describe('with a circuit breaker', () => {
    it('asks a dead service no more, tells callers at once, and finds it again', async () => {
      const upstream = connect();
      await origin.kill();
      for (let call = 0; call < 10; call++) expect(await statusOf(upstream)).toBe(503);
      expect(upstream.state.circuit).toBe(CircuitState.Open);
      await expect(upstream.call(read)).rejects.toMatchObject({ cause: expect.any(BrokenCircuitError) });
      await origin.open();
      await eventually(async () => (await statusOf(upstream)) === 200);
      expect(upstream.state.circuit).toBe(CircuitState.Closed);
    });

    it('lets one call alone find out', async () => {
      const upstream = connect();
      await origin.kill();
      for (let call = 0; call < 10; call++) await statusOf(upstream);
      origin.on(`GET ${path}`, async () => {
        await sleep(200);
        return { body: {} };
      });
      await origin.open();
      await sleep(1100);
      const statuses = await Promise.all(Array.from({ length: 20 }, () => statusOf(upstream)));
      expect([countOf(statuses, 200), countOf(statuses, 503)]).toEqual([1, 19]);
      expect(origin.asked).toHaveLength(1);
    });

    it('opens for a service that fails most of the time, not only every time', async () => {
      const upstream = connect({ timeoutMs: 100 });
      let requests = 0;
      origin.on(`GET ${path}`, () => (requests++ % 3 === 0 ? { body: {} } : never()));
      const statuses: number[] = [];
      await eventually(async () => {
        statuses.push(await statusOf(upstream));
        return upstream.state.circuit === CircuitState.Open;
      }, 30_000);
      expect(countOf(statuses, 200)).toBeGreaterThan(1);
    });

    it('stays closed for a service that refuses, and for callers who go away', async () => {
      const upstream = connect();
      origin.on(`GET ${path}`, { status: 500 });
      for (let call = 0; call < 30; call++) expect(await statusOf(upstream)).toBe(502);
      origin.on(`GET ${path}`, never);
      for (let call = 0; call < 30; call++) {
        const waiting = Object.assign(new EventEmitter(), { destroyed: false });
        const answer = statusOf(upstream, { ...read, waiting: waiting as never });
        waiting.emit('close');
        expect(await answer).toBe(503);
      }
      expect(upstream.state).toMatchObject({ circuit: CircuitState.Closed, active: 0 });
    });
  });
});
