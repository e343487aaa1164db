import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identityHeader } from '@flowchart/contracts';
import { eventually, testRedisUrl } from '@flowchart/testing';
import { type JWTPayload, UnsecuredJWT } from 'jose';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { TestIssuer } from '../testing/test-issuer.js';
import { student, TestOrigin } from '../testing/test-origin.js';
import type { IssuerConfig } from './token-environment.js';

const PAUSE_MS = 200;
const audience = 'flowchart';
const mine: JWTPayload = { sub: student.subject, aud: audience, name: 'Ada Student' };

describe('tokens of a foreign issuer', () => {
  let origin: TestOrigin;
  let issuer: TestIssuer;
  let redisUrl: string;
  let edge: TestEdge;
  const running: TestEdge[] = [];

  const edgeFor = async (changes: Partial<IssuerConfig> = {}): Promise<TestEdge> => {
    const taken = {
      ...{ issuer: issuer.url, audience, subjectClaim: 'sub', roleClaim: 'roles', registrarRole: 'staff' },
      ...{ pauseMs: PAUSE_MS },
      ...changes,
    };
    const started = await startEdge(origin, redisUrl, { issuer: taken });
    running.push(started);
    return started;
  };
  const me = async (token: string, on = edge) =>
    (await on.fetch('/students/me', { headers: { authorization: `Bearer ${token}` } })).status;
  const status = async (token: string, on = edge) =>
    (await on.fetch('/auth/status', { headers: { authorization: `Bearer ${token}` } })).json();

  beforeAll(async () => {
    redisUrl = await testRedisUrl();
    origin = await TestOrigin.start();
    origin.on('GET /students/me', { body: {} });
    origin.on('DELETE /courses/00000000-0000-4000-8000-000000000009', { status: 204 });
  });
  afterAll(() => origin.kill());
  beforeEach(async () => {
    issuer = await TestIssuer.start();
    edge = await edgeFor();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
    await issuer.close();
  });

  it('are taken, for as long as they say, and verified once', async () => {
    const exp = Math.floor(Date.now() / 1000) + 1000;
    const token = await issuer.token({ ...mine, exp });
    expect([await me(token), await me(token)]).toEqual([200, 200]);
    expect(await status(token)).toEqual({
      authenticated: true,
      student: { id: student.subject, name: 'Ada Student', degreeCode: null },
      session: { id: expect.any(String), expiresAt: new Date(exp * 1000).toISOString() },
    });
    const assertion = String(origin.asked.at(-1)?.headers[identityHeader]).split('.')[1] ?? '';
    expect(JSON.parse(Buffer.from(assertion, 'base64url').toString())).toMatchObject({
      sub: student.subject,
      role: 'student',
    });
    expect(issuer.timesAskedForKeys).toBe(1);
  });

  it('make a registrar of whom the configured role is given to', async () => {
    const remove = async (token: string) =>
      (
        await edge.fetch('/courses/00000000-0000-4000-8000-000000000009', {
          method: 'DELETE',
          headers: { authorization: `Bearer ${token}` },
        })
      ).status;
    expect(await remove(await issuer.token({ ...mine, roles: ['reader', 'staff'] }))).toBe(204);
    expect(await remove(await issuer.token({ ...mine, roles: ['registrar'] }))).toBe(403);
    expect(await remove(await issuer.token({ ...mine, role: 'staff' }))).toBe(403);
  });

  it('are refused without being asked for when no issuer is configured', async () => {
    const without = await startEdge(origin, redisUrl);
    running.push(without);
    expect(await me(await issuer.token(mine), without)).toBe(401);
    expect(issuer.timesAskedForKeys).toBe(0);
  });

  it('are refused when they are for others, expired, endless, or of nobody we know', async () => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const other = await TestIssuer.start();
    const bad = await Promise.all([
      issuer.token({ ...mine, aud: 'somebody-else' }),
      issuer.token({ ...mine, exp: nowSeconds - 60 }),
      issuer.token({ ...mine, exp: undefined }),
      issuer.token({ ...mine, sub: 'ada' }),
      issuer.token({ ...mine, iss: other.url }),
      other.token(mine),
      other.token({ ...mine, iss: issuer.url }),
    ]);
    await other.close();
    expect(await Promise.all(bad.map((token) => me(token)))).toEqual(bad.map(() => 401));
  });

  it('are refused without a signature, and with one that the public key made', async () => {
    const claims = { ...mine, iss: issuer.url, exp: Math.floor(Date.now() / 1000) + 60 };
    expect(await me(new UnsecuredJWT(claims).encode())).toBe(401);
    const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const { jwk } = issuer.current;
    const text = `${base64({ alg: 'HS256', kid: jwk.kid })}.${base64(claims)}`;
    for (const secret of [String(jwk.x), JSON.stringify(jwk)]) {
      expect(await me(`${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`)).toBe(401);
    }
    const valid = await issuer.token(mine);
    expect(await me(`${valid.slice(0, -4)}AAAA`)).toBe(401);
  });

  it('are good under a new key of the issuer as soon as they come, and under an old one until it is gone', async () => {
    const old = await issuer.token(mine);
    expect(await me(old)).toBe(200);
    await issuer.rotate();
    const next = await issuer.token(mine);
    await eventually(async () => (await me(next)) === 200);
    issuer.forgetOldKeys();
    const fresh = await edgeFor();
    expect([await me(old, fresh), await me(next, fresh)]).toEqual([401, 200]);
  });

  it('with made-up keys do not make the edge ask the issuer again and again', async () => {
    const quiet = await edgeFor({ pauseMs: 60_000 });
    expect(await me(await issuer.token(mine), quiet)).toBe(200);
    const stranger = await TestIssuer.start();
    await stranger.close();
    for (let n = 0; n < 20; n++) {
      await stranger.rotate();
      expect(await me(await stranger.token({ ...mine, iss: issuer.url }), quiet)).toBe(401);
    }
    expect(issuer.timesAskedForKeys).toBe(1);
  });

  it('go on while the issuer is down; where its keys were never known, it is 503 and not 401', async () => {
    const known = await issuer.token(mine);
    expect(await me(known)).toBe(200);
    const unseen = await issuer.token(mine);
    const fresh = await edgeFor();
    await issuer.close();
    expect([await me(known), await me(unseen)]).toEqual([200, 200]);
    const refused = await fresh.fetch('/students/me', { headers: { authorization: `Bearer ${known}` } });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await issuer.open();
    await eventually(async () => (await me(known, fresh)) === 200);
  });

  it('that are logged out are dead here at once, and within a second on every other edge', async () => {
    const other = await edgeFor();
    const token = await issuer.token(mine);
    expect([await me(token), await me(token, other)]).toEqual([200, 200]);
    const authorization = `Bearer ${token}`;
    expect((await edge.fetch('/auth/logout', { method: 'POST', headers: { authorization } })).status).toBe(
      204,
    );
    expect(await me(token)).toBe(401);
    await eventually(async () => (await me(token, other)) === 401, 1000);
    expect(await status(token, await edgeFor())).toEqual({ authenticated: false });
    expect(await me(await issuer.token(mine))).toBe(200);
  });
});
