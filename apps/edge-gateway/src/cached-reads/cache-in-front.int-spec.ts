import { access, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { edgeRoutes } from '@flowchart/contracts';
import { eventually, startTestNginx, testRedisUrl, type TestServer } from '@flowchart/testing';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

const template = fileURLToPath(
  new URL('../../../../load-testing/nginx/edge-cache.conf.template', import.meta.url),
);
/** Soon enough to wait for; nginx counts whole seconds. */
const SOON_STALE_SECONDS = 1;

describe('the edge behind the nginx of load-testing/nginx', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let nginx: TestServer;
  let configuration: string;

  const start = (adapt = (text: string) => text) =>
    startTestNginx(({ port, cacheDir }) => {
      const settings: Record<string, string> = {
        EDGE_ADDRESS: new URL(edge.url).host,
        NGINX_LISTEN: `127.0.0.1:${port}`,
        CACHE_DIR: cacheDir,
      };
      return adapt(configuration).replaceAll(/\$\{(\w+)\}/g, (_, name: string) => settings[name] ?? '');
    });

  beforeAll(async () => {
    configuration = await readFile(template, 'utf8');
    origin = await TestOrigin.start();
  });
  afterAll(() => origin.kill());

  let code = 100;
  let path = '';
  beforeEach(async () => {
    edge = await startEdge(origin, await testRedisUrl());
    path = `/courses/code/CS${++code}`;
    const title = 'Introduction to Everything '.repeat(80);
    origin.on(`GET ${path}`, {
      body: { title },
      headers: { etag: '"7"', 'surrogate-key': `course:CS${code}` },
    });
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await nginx.stop();
    await edge.stop();
  });

  const ask = async (headers: Record<string, string> = {}) => {
    const answer = await fetch(`${nginx.url}${path}`, {
      headers: { 'accept-encoding': 'identity', ...headers },
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      cached: answer.headers.get('x-cache-status'),
      text,
    };
  };
  const makeSoonStale = () => {
    const route = edgeRoutes.find(({ operation }) => operation === 'getCourseByCode');
    if (!route) throw new Error('no route getCourseByCode');
    jest.replaceProperty(route, 'freshSeconds', SOON_STALE_SECONDS);
  };
  /** The first answer after what nginx holds is no longer fresh. */
  const askOnceStale = async () => {
    let answer = await ask();
    await eventually(async () => {
      if (answer.cached === 'HIT') answer = await ask();
      return answer.cached !== 'HIT';
    });
    return answer;
  };
  const timesNotModified = async (): Promise<number> => {
    const tags = 'tag=uri:/courses/code/{code}&tag=status:304';
    const answer = await edge.fetch(`/actuator/metrics/http.server.requests?${tags}`);
    const { measurements } = (await answer.json()) as { measurements?: { value: number }[] };
    return measurements?.[0]?.value ?? 0;
  };

  it('is asked once, and then no more while the answer is fresh', async () => {
    nginx = await start();
    const [first, second] = [await ask(), await ask()];
    expect([first.cached, second.cached]).toEqual(['MISS', 'HIT']);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('etag')).toBe('"7"');
    expect(second.headers.get('surrogate-key')).toBeNull();
    expect((await ask({ 'if-none-match': '"7"' })).status).toBe(304);
  });

  it('tells it by 304 that what it holds is still good', async () => {
    makeSoonStale();
    nginx = await start((text) => {
      expect(text).toContain('proxy_cache_background_update on;');
      // So that who asks waits for what the edge says.
      return text.replace('proxy_cache_background_update on;', '');
    });
    const before = await ask();
    const after = await askOnceStale();
    expect([before.cached, after.cached, after.status]).toEqual(['MISS', 'REVALIDATED', 200]);
    expect(after.text).toBe(before.text);
    expect(await timesNotModified()).toBeGreaterThanOrEqual(1);
  });

  it('lets it serve stale bytes at once while it asks again', async () => {
    makeSoonStale();
    nginx = await start();
    await ask();
    expect((await askOnceStale()).cached).toBe('STALE');
    await eventually(async () => (await timesNotModified()) >= 1);
    await eventually(async () => (await ask()).cached === 'HIT');
  });

  it('may be gone: what is stored serves on', async () => {
    makeSoonStale();
    nginx = await start();
    const before = await ask();
    await edge.stop();
    const after = await askOnceStale();
    expect([after.status, after.cached, after.text]).toEqual([200, 'STALE', before.text]);
    path = '/courses/code/CS999';
    expect((await ask()).status).toBe(502);
  });

  it('keeps codings apart', async () => {
    for (const encoding of ['br', 'gzip']) {
      const headers = { 'accept-encoding': encoding };
      const sent = async () => (await edge.fetch(path, { headers })).headers.get('content-encoding');
      await eventually(async () => (await sent()) === encoding);
    }
    nginx = await start();
    const forms = [];
    for (const encoding of ['br', 'gzip', 'identity', 'br', 'gzip', 'identity']) {
      const { cached, headers, text } = await ask({ 'accept-encoding': encoding });
      forms.push([cached, headers.get('content-encoding'), headers.get('etag')]);
      expect(JSON.parse(text)).toHaveProperty('title');
    }
    expect(forms).toEqual([
      ['MISS', 'br', '"7-br"'],
      ['MISS', 'gzip', '"7-gz"'],
      ['MISS', null, '"7"'],
      ['HIT', 'br', '"7-br"'],
      ['HIT', 'gzip', '"7-gz"'],
      ['HIT', null, '"7"'],
    ]);
  });

  it.each([
    '/actuator/health',
    '/actuator/prometheus',
    '//actuator/info',
    '/%61ctuator/metrics',
    '/actuator',
  ])('keeps %s from those outside, and asks the edge nothing', async (inside) => {
    nginx = await start();
    const answer = await fetch(`${nginx.url}${inside}`);
    expect([answer.status, answer.headers.get('x-request-id')]).toEqual([404, null]);
    await answer.arrayBuffer();
    expect((await edge.fetch('/actuator/health')).headers.get('x-request-id')).not.toBeNull();
  });

  it('leaves nothing behind', async () => {
    nginx = await start();
    await ask();
    const { url, scratch } = nginx;
    await nginx.stop();
    await expect(fetch(url)).rejects.toThrow();
    await expect(access(scratch)).rejects.toThrow();
  });
});
