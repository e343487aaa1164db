import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { edgeName, type Identity, identityHeader } from '@flowchart/contracts';
import { Controller, Get, Module, Post, UseGuards } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createSigner } from 'fast-jwt';
import { createService } from '../bootstrap/service.js';
import { AssertionSigner } from './assertion.js';
import { derivedKeys, type IdentityKeys } from './identity-keys.js';
import { CurrentIdentity, IdentityGuard, RequireRole } from './identity.guard.js';

const service = 'course-service';
const peer = 'degree-service';
const [secret, previous] = ['the secret of today', 'the secret of yesterday'];
const keys = derivedKeys([secret, previous]);
const ada: Identity = { subject: 's1', name: 'Ada', role: 'student', degreeCode: 'MSCS' };

@Controller()
class Routes {
  @Get('courses')
  courses() {
    return 'all courses';
  }

  @Get('internal/courses')
  index() {
    return 'the index';
  }

  @Get('me')
  @UseGuards(IdentityGuard)
  me(@CurrentIdentity() identity: Identity) {
    return identity;
  }

  @Post('office')
  @UseGuards(IdentityGuard)
  @RequireRole('registrar')
  office() {
    return 'open';
  }
}

@Module({ controllers: [Routes] })
class RoutesModule {}

const signed = (issuer: string, identity?: Identity, { audience = service, identityKeys = keys } = {}) =>
  new AssertionSigner({ name: issuer, identityKeys }, audience).sign(identity);

/** What only who holds the key of a direction could write, right or wrong. */
const forged = (claims: object, key: Buffer | undefined, options: object = {}) =>
  createSigner({ key: key as Buffer, algorithm: 'HS256', expiresIn: 30_000, ...options })(claims);

const unsigned = (claims: object) =>
  `${[{ alg: 'none', typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

describe('admission to a service', () => {
  let app: NestFastifyApplication;
  let base: string;

  beforeAll(async () => {
    app = await createService(RoutesModule, {
      name: service,
      version: '1',
      revision: 'abc',
      port: 0,
      host: '127.0.0.1',
      portVariable: 'PORT',
      logLevel: 'silent',
      shutdownDelayMs: 0,
      identityKeys: keys,
    });
    await app.listen(0, '127.0.0.1');
    base = await app.getUrl();
  });
  afterAll(() => app.close());
  afterEach(() => void jest.restoreAllMocks());

  const get = (path: string, assertion?: string) =>
    fetch(`${base}${path}`, { headers: assertion === undefined ? {} : { [identityHeader]: assertion } });
  const statusOf = async (path: string, assertion?: string) => (await get(path, assertion)).status;

  it.each(['/courses', '/internal/courses', '/me', '/nowhere', '/actuator/../courses', '/%61ctuator/x'])(
    'refuses %s to whoever comes directly',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(401);
      // Rendered as every other problem is.
      expect(await answer.json()).toMatchObject({
        instance: new URL(answer.url).pathname,
        type: 'urn:flowchart:problem:unknown-caller',
      });
    },
  );

  it('refuses before it reads a body', async () => {
    const answer = await fetch(`${base}/office`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{ not JSON at all',
    });
    expect(answer.status).toBe(401);
  });

  it('has its actuator for everybody', async () => {
    expect(await statusOf('/actuator/health')).toBe(200);
    expect(await statusOf('/actuator/metrics/process.uptime')).toBe(200);
  });

  it('lets the edge in, in nobody’s name and in somebody’s', async () => {
    expect(await (await get('/courses', signed(edgeName))).text()).toBe('all courses');
    expect(await statusOf('/internal/courses', signed(edgeName))).toBe(200);
    expect(await (await get('/me', signed(edgeName, ada))).json()).toEqual(ada);
    expect(await statusOf('/me', signed(edgeName))).toBe(401);
  });

  it('demands the role', async () => {
    const ask = async (identity: Identity) => {
      const headers = { [identityHeader]: signed(edgeName, identity) };
      return (await fetch(`${base}/office`, { method: 'POST', headers })).status;
    };
    expect(await ask(ada)).toBe(403);
    expect(await ask({ ...ada, role: 'registrar' })).toBe(201);
  });

  it('opens to a peer what is there for peers, and nothing else', async () => {
    expect(await (await get('/internal/courses', signed(peer))).text()).toBe('the index');
    expect([await statusOf('/courses', signed(peer)), await statusOf('/me', signed(peer))]).toEqual([
      403, 403,
    ]);
  });

  it('does not believe a peer that calls in somebody’s name', async () => {
    expect(await statusOf('/internal/courses', signed(peer, ada))).toBe(401);
  });

  it('believes the secret of before, too', async () => {
    expect(await statusOf('/me', signed(edgeName, ada, { identityKeys: derivedKeys([previous]) }))).toBe(200);
  });

  const [edgeKey] = keys(edgeName, service);
  const [peerKey] = keys(peer, service);
  const claims = { iss: edgeName, aud: service, sub: 's1', name: 'Ada', role: 'registrar', degree: null };
  const ownEnd = { expiresIn: undefined };
  const elsewhere: { audience?: string; identityKeys?: IdentityKeys } = { audience: 'student-service' };
  it.each([
    ['garbage', 'e30.e30.e30'],
    ['nothing', ''],
    ['far too much', 'x'.repeat(5000)],
    ['one of another secret', signed(edgeName, ada, { identityKeys: derivedKeys(['guessed']) })],
    ['one that was meant for another service', signed(edgeName, ada, elsewhere)],
    ['one of a service that does not call this one', signed('advisor-service')],
    ['one that a peer signed as the edge', forged(claims, peerKey)],
    ['one under the master secret itself', forged(claims, Buffer.from(secret))],
    ['one without a signature', unsigned({ ...claims, exp: Date.now() / 1000 + 30 })],
    ['one that never ends', forged(claims, edgeKey, ownEnd)],
    ['one for any audience', forged({ ...claims, aud: undefined }, edgeKey)],
    ['one of another algorithm', forged(claims, edgeKey, { algorithm: 'HS512' })],
    ['one that ended', forged({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 }, edgeKey, ownEnd)],
  ])('refuses %s', async (_, assertion) => {
    expect(await statusOf('/courses', assertion)).toBe(401);
  });

  it('does not believe an assertion for longer because it knows it', async () => {
    const assertion = signed(edgeName, ada);
    expect(await statusOf('/me', assertion)).toBe(200);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 31_000);
    expect(await statusOf('/me', assertion)).toBe(401);
  });
});

describe('an assertion', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('is used again for a while, for the same person only', () => {
    const signer = new AssertionSigner({ name: edgeName, identityKeys: keys }, service);
    const [own, adas] = [signer.sign(), signer.sign(ada)];
    expect([signer.sign(), signer.sign({ ...ada })]).toEqual([own, adas]);
    expect(signer.sign({ ...ada, role: 'registrar' })).not.toBe(adas);
    const now = Date.now();
    jest.spyOn(Date, 'now').mockReturnValue(now + 10_000);
    expect(signer.sign(ada)).not.toBe(adas);
  });
});
