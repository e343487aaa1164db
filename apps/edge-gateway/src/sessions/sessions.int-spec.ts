import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Custody, freePort, startRedis, stopRedis } from '@flowchart/infra';
import { eventually, testRedisUrl } from '@flowchart/testing';
import { Redis } from 'ioredis';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { config } from '../config.js';
import { startEdge, type TestEdge } from '../testing/test-edge.js';
import { credentialsOf, student, TestOrigin } from '../testing/test-origin.js';
import { fingerprintOf, type PresentedToken } from './presented-token.js';
import { Sessions } from './sessions.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, Tokens } from './tokens.js';

const profile = 'GET /students/me';

describe('sessions', () => {
  let origin: TestOrigin;
  let edge: TestEdge;
  let other: TestEdge;
  let redis: Redis;

  beforeAll(async () => {
    const redisUrl = await testRedisUrl();
    redis = new Redis(redisUrl);
    origin = await TestOrigin.start();
    origin.on(profile, { body: { id: student.subject } });
    edge = await startEdge(origin, redisUrl);
    other = await startEdge(origin, redisUrl);
  });
  afterAll(async () => {
    await Promise.all([edge.stop(), other.stop(), origin.kill()]);
    redis.disconnect();
  });

  const me = (on: TestEdge, authorization: string) =>
    on.fetch('/students/me', { headers: { authorization } });
  const status = (on: TestEdge, authorization?: string) =>
    on.fetch('/auth/status', authorization === undefined ? {} : { headers: { authorization } });

  it('begin with the right password, for half an hour after the last request', async () => {
    const answer = await edge.post('/auth/login', credentialsOf('student1'));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    const login = (await answer.json()) as { accessToken: string; sessionId: string };
    expect(login).toMatchObject({
      tokenType: 'Bearer',
      expiresIn: 1800,
      sessionId: expect.stringMatching(/^[\w-]{22}$/),
    });
    expect(await redis.ttl(`s:${login.sessionId}`)).toBeGreaterThan(1790);
    const seen = (await (await status(other, `Bearer ${login.accessToken}`)).json()) as {
      session: { expiresAt: string };
    };
    expect(seen).toMatchObject({
      authenticated: true,
      student: { id: student.subject, name: student.name, degreeCode: 'MSCS' },
      session: { id: login.sessionId },
    });
    const leftMs = Date.parse(seen.session.expiresAt) - Date.now();
    expect(leftMs).toBeGreaterThan(1_790_000);
    expect(leftMs).toBeLessThanOrEqual(1_800_000);
  });

  it('slide: a request makes a session live its full time again', async () => {
    const { sessionId, accessToken } = (await (
      await edge.post('/auth/login', credentialsOf('student1'))
    ).json()) as Record<string, string>;
    await redis.expire(`s:${sessionId}`, 60);
    expect((await me(other, `Bearer ${accessToken}`)).status).toBe(200);
    expect(await redis.ttl(`s:${sessionId}`)).toBeGreaterThan(1790);
  });

  it('end when they expire', async () => {
    const { sessionId, accessToken } = (await (
      await edge.post('/auth/login', credentialsOf('student1'))
    ).json()) as Record<string, string>;
    await redis.del(`s:${sessionId}`);
    expect((await me(other, `Bearer ${accessToken}`)).status).toBe(401);
  });

  it('end at once where one logs out, and on every other edge within a second', async () => {
    const token = await edge.logIn('student1');
    expect((await me(other, token)).status).toBe(200);
    expect(
      (await edge.fetch('/auth/logout', { method: 'POST', headers: { authorization: token } })).status,
    ).toBe(204);
    expect((await me(edge, token)).status).toBe(401);
    await eventually(async () => (await me(other, token)).status === 401, 1000);
    expect(await (await status(edge, token)).json()).toEqual({ authenticated: false });
    expect(
      (await edge.fetch('/auth/logout', { method: 'POST', headers: { authorization: token } })).status,
    ).toBe(401);
  });

  it('do not begin with a wrong password', async () => {
    const answer = await edge.post('/auth/login', { username: 'student1', password: 'wrong' });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
    expect(await answer.json()).toMatchObject({ title: 'Wrong username or password', status: 401 });
  });

  it('cannot be guessed into: failures are limited for an account, successes are not', async () => {
    const guess = () => edge.post('/auth/login', { username: 'victim', password: 'guess' });
    const statuses = [];
    for (let tries = 0; tries < 11; tries++) statuses.push((await guess()).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
    const refused = await guess();
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(refused.headers.get('ratelimit-limit')).toBe('10');
    expect(refused.headers.get('ratelimit-remaining')).toBe('0');
    for (let tries = 0; tries < 20; tries++) {
      expect((await edge.post('/auth/login', credentialsOf('student1'))).status).toBe(200);
    }
  });

  it('are guessed at in vain at whichever edge: failures count at all of them together', async () => {
    const guess = (on: TestEdge) => on.post('/auth/login', { username: 'shared', password: 'guess' });
    const statuses = [];
    for (let tries = 0; tries < 10; tries++) statuses.push((await guess(tries % 2 ? edge : other)).status);
    expect(statuses).toEqual(Array<number>(10).fill(401));
    expect([(await guess(edge)).status, (await guess(other)).status]).toEqual([429, 429]);
    // A window that would never end would shut an account for good.
    const leftMs = await redis.pttl('login:account:shared');
    expect(leftMs).toBeGreaterThan(0);
    expect(leftMs).toBeLessThanOrEqual(60_000);
  });

  it('are asked for once when many requests of one come at once', async () => {
    const token = await edge.logIn('student1');
    const asked = async () =>
      Number(/cmdstat_expire:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
    const before = await asked();
    const { sessions, read } = inside(other);
    const found = await Promise.all(Array.from({ length: 1000 }, () => sessions.check(read(token))));
    expect(new Set(found.map((session) => session?.id)).size).toBe(1);
    expect((await asked()) - before).toBe(1);
  });

  it('cannot begin while student-service is away: 503', async () => {
    await origin.kill();
    const answer = await edge.post('/auth/login', credentialsOf('student1'));
    await origin.open();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });

  describe('tokens', () => {
    const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const read = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    let valid = '';
    let header: object;
    let claims: object;
    /** Like `valid`, but for what a case changes. */
    const made = ({ head = {}, body = {}, pem = developmentKey }: Changes = {}) => {
      const text = `${base64({ ...header, ...head })}.${base64({ ...claims, ...body })}`;
      return `${text}.${sign(null, Buffer.from(text), createPrivateKey(pem)).toString('base64url')}`;
    };
    /** As if the token had been given at a login, so that nothing but what it says speaks against it. */
    const withSession = async (token: string) => {
      await redis.set(`s:${fingerprintOf(token)}`, 1, 'EX', 60);
      return token;
    };
    const expectRefused = async (token: string) => {
      const answer = await me(edge, `Bearer ${token}`);
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      const asked = await status(edge, `Bearer ${token}`);
      expect([asked.status, await asked.json()]).toEqual([200, { authenticated: false }]);
    };
    beforeAll(async () => {
      valid = (await edge.logIn('student1')).slice('Bearer '.length);
      const [head, body] = valid.split('.');
      [header, claims] = [read(head), read(body)];
    });

    it.each<[string, () => string]>([
      ['without a signature (alg none)', () => made({ head: { alg: 'none' } }).replace(/[^.]+$/, '')],
      ['with a signature but alg none', () => made({ head: { alg: 'none' } })],
      ['of another algorithm', () => made({ head: { alg: 'HS256' } })],
      ['expired', () => made({ body: { exp: Math.floor(Date.now() / 1000) - 1 } })],
      ['for another audience', () => made({ body: { aud: 'somebody-else' } })],
      ['of another issuer', () => made({ body: { iss: 'somebody-else' } })],
      ['with a role that does not exist', () => made({ body: { role: 'dean' } })],
      ['with an unknown key id', () => made({ head: { kid: '00000000' } })],
      ['that are no tokens', () => 'garbage'],
      ['that are huge', () => made({ body: { name: 'a'.repeat(5000) } })],
    ])('%s are refused with 401, whatever session there is', async (_, token) => {
      await expectRefused(await withSession(token()));
    });

    it.each<[string, () => string]>([
      ['signed with another key', () => made({ pem: newKey() })],
      ['signed with the right key, but never given to anybody', () => made({ body: { jti: 'x' } })],
      [
        'with a changed payload',
        () => valid.replace(/\.[^.]+\./, `.${base64({ ...claims, role: 'registrar' })}.`),
      ],
      ['cut short', () => valid.slice(0, -10)],
      ['with more at the end', () => `${valid}A`],
      ['beyond ASCII', () => `${valid.slice(0, -1)}\u00e9`],
      ['that are empty', () => ''],
    ])('%s are refused with 401: they open nobody’s session', async (_, token) => {
      await expectRefused(token());
    });

    it('open the session of their own login and no other', async () => {
      const second = await edge.logIn('student1');
      await edge.fetch('/auth/logout', { method: 'POST', headers: { authorization: second } });
      expect((await me(edge, second)).status).toBe(401);
      expect((await me(edge, `Bearer ${valid}`)).status).toBe(200);
    });

    it('are taken whatever the case of the scheme; other schemes are not', async () => {
      expect((await me(edge, `bearer ${valid}`)).status).toBe(200);
      expect((await me(edge, `Basic ${valid}`)).status).toBe(401);
      expect((await me(edge, valid)).status).toBe(401);
    });

    it('are verified by others with the public keys that the edge tells', async () => {
      const answer = await edge.fetch('/.well-known/jwks.json');
      expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
      const keySet = createLocalJWKSet((await answer.json()) as JSONWebKeySet);
      const { payload } = await jwtVerify(valid, keySet, { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE });
      expect(payload.sub).toBe(student.subject);
      await expect(jwtVerify(made({ pem: newKey() }), keySet)).rejects.toThrow('signature');
    });

    it('stay good when keys are rotated, until theirs is removed, though their session lives', async () => {
      const redisUrl = `redis://${redis.options.host}:${redis.options.port}/${redis.options.db}`;
      const [old, next] = [newKey(), newKey()];
      const edgeWith = (pem: string) =>
        startEdge(origin, redisUrl, { tokenKeys: { ...config({}).tokenKeys, pem } });
      const [before, during, after] = await Promise.all([old, next + old, next].map(edgeWith));
      try {
        const token = await (before as TestEdge).logIn('student1');
        expect((await me(during as TestEdge, token)).status).toBe(200);
        expect((await me(after as TestEdge, token)).status).toBe(401);
        const newToken = await (during as TestEdge).logIn('student1');
        expect((await me(after as TestEdge, newToken)).status).toBe(200);
      } finally {
        await Promise.all([before?.stop(), during?.stop(), after?.stop()]);
      }
    });
  });
});

const developmentKey = config({}).tokenKeys.pem;
const newKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** The parts of an edge, without a socket for each of many requests. */
function inside({ app }: TestEdge) {
  const tokens = app.get(Tokens);
  const read = (authorization: string) =>
    tokens.read(authorization.slice('Bearer '.length)) as PresentedToken;
  return { sessions: app.get(Sessions), read };
}

/** What is different about a token, compared with a valid one. */
interface Changes {
  readonly head?: object;
  readonly body?: object;
  readonly pem?: string;
}

describe('sessions when Redis is killed', () => {
  let origin: TestOrigin;
  let redis: KillableRedis;
  let edge: TestEdge;
  let other: TestEdge;

  beforeAll(async () => {
    redis = await KillableRedis.start();
    origin = await TestOrigin.start();
    origin.on(profile, { body: {} });
    [edge, other] = await Promise.all([startEdge(origin, redis.url), startEdge(origin, redis.url)]);
  });
  afterAll(async () => {
    await Promise.all([edge.stop(), other.stop(), origin.kill()]);
    await redis.remove();
  });

  const me = async (on: TestEdge, authorization: string) =>
    (await on.fetch('/students/me', { headers: { authorization } })).status;
  const keptIn = async (on: TestEdge) =>
    (
      (await (await on.fetch('/actuator/health')).json()) as {
        components: { sessions: { details: { keptIn: string } } };
      }
    ).components.sessions.details.keptIn;

  it('go on, begin and end without it, and are as they should be when it is back', async () => {
    const before = await edge.logIn('student1');
    const ended = await edge.logIn('student1');
    // Redis writes its log to disk once a second.
    await sleep(1100);
    await redis.kill();
    await eventually(async () => (await keptIn(edge)) === 'memory' && (await keptIn(other)) === 'memory');

    const during = await edge.logIn('student1');
    expect(
      await Promise.all([before, during].flatMap((token) => [me(edge, token), me(other, token)])),
    ).toEqual([200, 200, 200, 200]);
    expect(
      (await edge.fetch('/auth/logout', { method: 'POST', headers: { authorization: ended } })).status,
    ).toBe(204);
    expect(await me(edge, ended)).toBe(401);
    // Nobody can be asked whether it was given to anybody: its signature speaks.
    expect(await me(edge, forgedFrom(during))).toBe(401);

    await redis.startAgain();
    await eventually(async () => (await keptIn(edge)) === 'redis' && (await keptIn(other)) === 'redis');
    await eventually(async () => (await me(other, ended)) === 401);
    expect(
      await Promise.all([before, during].flatMap((token) => [me(edge, token), me(other, token)])),
    ).toEqual([200, 200, 200, 200]);
    expect(await me(edge, ended)).toBe(401);
  });
});

/** The same claims and another signature. */
function forgedFrom(token: string): string {
  const text = token.slice('Bearer '.length, token.lastIndexOf('.'));
  const signature = sign(null, Buffer.from(text), createPrivateKey(newKey()));
  return `Bearer ${text}.${signature.toString('base64url')}`;
}

/** A Redis of the spec's own, to be killed and started again on what it had written down. */
class KillableRedis {
  private readonly custody: Custody;
  private pid = 0;

  private constructor(
    private readonly scratch: string,
    private readonly port: number,
  ) {
    this.custody = new Custody(scratch, { remove: [scratch] });
  }

  static async start(): Promise<KillableRedis> {
    const scratch = await mkdtemp(join(tmpdir(), 'flowchart-edge-redis-'));
    await chmod(scratch, 0o755);
    const redis = new KillableRedis(scratch, await freePort());
    await redis.startAgain();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async startAgain(): Promise<void> {
    const running = await startRedis({
      dataDir: join(this.scratch, 'redis'),
      port: this.port,
      cacheDir: fileURLToPath(new URL('../../../../.infra', import.meta.url)),
      onLaunch: (launched) => this.custody.keep({ name: 'redis', process: launched, steps: stopRedis }),
    });
    if (!running) throw new Error('this spec needs a Redis');
    this.pid = running.process.pid;
  }

  /** As the kernel kills it when memory is short. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await this.custody.stop('redis');
  }

  async remove(): Promise<void> {
    await this.custody.stop('redis');
    await this.custody.end();
    await rm(this.scratch, { recursive: true, force: true });
  }
}
