import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testRedisUrl } from '@flowchart/testing';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestOrigin } from '../testing/test-origin.js';

describe('the documentation', () => {
  let origin: TestOrigin;
  let edge: TestEdge;

  beforeAll(async () => {
    origin = await TestOrigin.start();
    edge = await startEdge(origin, await testRedisUrl());
  });
  afterAll(async () => {
    await edge.stop();
    await origin.kill();
  });

  it('is a document with a validator', async () => {
    const document = await edge.fetch('/openapi.json');
    expect([document.status, document.headers.get('content-type')]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    expect(await document.json()).toMatchObject({ openapi: '3.1.0' });
    const etag = document.headers.get('etag') ?? '';
    expect((await edge.fetch('/openapi.json', { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  it.each(['/docs', '/docs/'])(
    'is a page at %s whose browser is told to fetch nothing from elsewhere',
    async (path) => {
      const page = await edge.fetch(path);
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; script-src 'self'/);
      expect(page.headers.get('content-security-policy')).not.toMatch(/https?:|\*/);
      const html = await page.text();
      const [, script] = /<script src="([^"]+)"/.exec(html) ?? [];
      expect(script).toBe('/docs/js/scalar.js');
      expect((await edge.fetch(String(script))).headers.get('content-type')).toContain('javascript');
      expect(html).not.toMatch(/(src|href)="(https?:)?\/\//);
    },
  );
});
