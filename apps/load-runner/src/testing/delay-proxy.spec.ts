// The proxy that makes a system slower is trusted in proofs, so it has one of its own.

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from '@jest/globals';
import { delayProxy, type Delay } from './delay-proxy.js';
import { FakeEdge } from './fake-edge.js';

describe('delayProxy', () => {
  const closing: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  async function throughProxy(edge: FakeEdge, delay: Delay): Promise<string> {
    const proxy = delayProxy(edge.url, delay).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closing.push(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  }

  const meanMs = async (url: string, requests: number): Promise<number> => {
    const from = performance.now();
    for (let count = 0; count < requests; count++) await (await fetch(`${url}/courses?limit=2`)).text();
    return (performance.now() - from) / requests;
  };

  it('passes on what is asked and what is answered', async () => {
    const edge = await new FakeEdge().listen();
    closing.push(() => edge.close());
    const url = await throughProxy(edge, { share: 0, fixedMs: 0 });
    const login = await fetch(`${url}/auth/login`, {
      method: 'POST',
      body: JSON.stringify({ username: 'student1', password: 'flowchart' }),
    });
    const { accessToken } = (await login.json()) as { accessToken: string };
    const me = await fetch(`${url}/students/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect([login.status, me.status, ((await me.json()) as { username: string }).username]).toEqual([
      ...[200, 200, 'student1'],
    ]);
    expect((await fetch(`${url}/courses/none`)).status).toBe(404);
  });

  it('takes its share longer than the system does, parts of milliseconds too', async () => {
    const edge = await new FakeEdge().listen();
    closing.push(() => edge.close());
    edge.delayMs = 10;
    const [plain, slow] = [
      await throughProxy(edge, { share: 0, fixedMs: 0 }),
      await throughProxy(edge, { share: 0.15, fixedMs: 0 }),
    ];
    await Promise.all([meanMs(plain, 5), meanMs(slow, 5)]);
    // Side by side, so that a busy machine slows both.
    const [without, with_] = await Promise.all([meanMs(plain, 80), meanMs(slow, 80)]);
    expect(with_ / without).toBeGreaterThan(1.09);
    expect(with_ / without).toBeLessThan(1.21);
  });
});
