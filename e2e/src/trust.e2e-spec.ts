/** Who is believed: the edge believes its own tokens, services believe the edge, and nobody anything else. */
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { identityHeader } from '@flowchart/contracts';
import { serviceUrl } from './config.js';
import { call, login } from './edge-client.js';

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
const decoded = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;

describe('the edge', () => {
  let token: string;
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  let signature: string;

  beforeAll(async () => {
    token = (await login()).accessToken;
    const [head = '', body = '', tail = ''] = token.split('.');
    [header, claims, signature] = [decoded(head), decoded(body), tail];
  });
  const statusWith = async (given: string): Promise<number> =>
    (await call('/students/me', { token: given })).status;
  const unsigned = (head: object, body: object): string => `${encoded(head)}.${encoded(body)}`;

  it('believes the token that it gave out', async () => {
    expect(await statusWith(token)).toBe(200);
  });

  it('believes no other claims under the same signature', async () => {
    for (const other of [
      { role: 'registrar' },
      { sub: '00000000-0000-4000-8000-000000000009' },
      { exp: 9e9 },
    ]) {
      expect(await statusWith(`${unsigned(header, { ...claims, ...other })}.${signature}`)).toBe(401);
    }
  });

  it('believes no token without a signature, with half of one, or with another', async () => {
    expect(await statusWith(`${unsigned({ ...header, alg: 'none' }, claims)}.`)).toBe(401);
    expect(await statusWith(token.slice(0, -10))).toBe(401);
    const { privateKey } = generateKeyPairSync('ed25519');
    const content = unsigned(header, claims);
    const other = sign(null, Buffer.from(content), privateKey).toString('base64url');
    expect(await statusWith(`${content}.${other}`)).toBe(401);
  });

  it('publishes its public keys, and believes nothing that is signed with what it publishes', async () => {
    const published = await call('/.well-known/jwks.json');
    expect(published.status).toBe(200);
    const { keys } = published.json as { keys: Record<string, string>[] };
    const key = keys.find(({ kid }) => kid === header['kid']);
    expect(key).toBeDefined();
    expect(key).not.toHaveProperty('d');
    const pem = createPublicKey({ key: key as never, format: 'jwk' }).export({ type: 'spki', format: 'pem' });
    const content = unsigned({ ...header, alg: 'HS256' }, claims);
    const confused = createHmac('sha256', pem).update(content).digest('base64url');
    expect(await statusWith(`${content}.${confused}`)).toBe(401);
  });

  it('believes no token of a session that is over', async () => {
    const { accessToken } = await login('student3');
    expect(await statusWith(accessToken)).toBe(200);
    await call('/auth/logout', { method: 'POST', token: accessToken });
    expect(await statusWith(accessToken)).toBe(401);
  });
});

describe('a service', () => {
  const forged = `${encoded({ alg: 'HS256' })}.${encoded({ sub: 'x', role: 'registrar', name: 'x', degree: null, exp: 9e9 })}.`;
  const none = `${encoded({ alg: 'none' })}.${encoded({ sub: 'x', role: 'registrar', name: 'x', degree: null })}.`;

  it.each([
    ['course', '/courses'],
    ['course', '/internal/courses'],
    ['degree', '/degrees'],
    ['degree', '/internal/degrees'],
    ['student', '/students/me'],
    ['student', '/students/me/plan'],
  ] as const)('refuses whoever is not the edge: %s-service, %s', async (service, path) => {
    const baseUrl = serviceUrl(service);
    for (const assertion of [undefined, '', 'nonsense', forged, none]) {
      const headers: Record<string, string> = assertion === undefined ? {} : { [identityHeader]: assertion };
      const answer = await call(path, { baseUrl, headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([
        401,
        expect.stringContaining('application/problem+json'),
      ]);
    }
  });

  it('does not verify passwords for whoever asks', async () => {
    const body = { username: 'student1', password: 'flowchart' };
    expect((await call('/internal/credentials', { baseUrl: serviceUrl('student'), body })).status).toBe(401);
  });

  it('shows its actuator to those who watch it', async () => {
    for (const service of ['course', 'degree', 'student'] as const) {
      expect((await call('/actuator/health', { baseUrl: serviceUrl(service) })).status).toBe(200);
    }
  });
});
