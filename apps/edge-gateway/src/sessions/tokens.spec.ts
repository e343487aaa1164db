import { createHmac, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { config } from '../config.js';
import { student } from '../testing/test-origin.js';
import { objectIn } from './presented-token.js';
import { TokenKeys } from './token-keys.js';
import { TOKEN_AUDIENCE, TOKEN_ISSUER, Tokens } from './tokens.js';

const newKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const made = (pem: string) => {
  const settings = config({ TOKEN_KEYS: pem });
  const keys = new TokenKeys(settings);
  return { keys, tokens: new Tokens(keys, settings) };
};
const key = newKey();
const { keys, tokens } = made(key);
const { signing } = keys.ring;
const token = tokens.sign(student);
const [header = '', payload = '', signature = ''] = token.split('.');
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = objectIn(payload);
/** Signed with the right key, but for what is changed. */
const signed = (changes: object, head = header) => {
  const text = `${head}.${base64({ ...claims, ...changes })}`;
  return `${text}.${sign(null, Buffer.from(text), signing.privateKey).toString('base64url')}`;
};
const nowSeconds = Math.floor(Date.now() / 1000);

describe('an access token', () => {
  it('says who somebody is, and is genuine', () => {
    expect(tokens.read(token)).toMatchObject({ identity: student, foreign: false });
    expect(tokens.read(token)?.isGenuine()).toBe(true);
    expect(tokens.read(signed({}))?.isGenuine()).toBe(true);
  });

  it('is another one at every login, so that each opens a session of its own', () => {
    expect(tokens.read(tokens.sign(student))?.sessionId).not.toBe(tokens.read(token)?.sessionId);
  });

  it('is verified by anybody with the public keys alone', async () => {
    const keySet = createLocalJWKSet({ keys: keys.ring.all.map(({ jwk }) => ({ ...jwk })) });
    const { payload: verified } = await jwtVerify(token, keySet, {
      issuer: TOKEN_ISSUER,
      audience: TOKEN_AUDIENCE,
    });
    expect(verified.sub).toBe(student.subject);
  });

  it.each<[string, string]>([
    ['has expired', signed({ exp: nowSeconds - 1 })],
    ['never expires', signed({ exp: undefined })],
    ['expires at no time', signed({ exp: 'never' })],
    ['is for another audience', signed({ aud: 'somebody-else' })],
    ['is for nobody in particular', signed({ aud: undefined })],
    ['is of another issuer', signed({ iss: 'somebody-else' })],
    ['is of nobody', signed({ sub: undefined })],
    ['has a subject that is no text', signed({ sub: { $ne: '' } })],
    ['has a role that does not exist', signed({ role: 'dean' })],
    ['has a name that is no text', signed({ name: null })],
    ['has no degree, not even null', signed({ degree: undefined })],
    ['has an unknown key', signed({}, base64({ alg: 'EdDSA', typ: 'JWT', kid: 'unknown' }))],
    ['has no key', signed({}, base64({ alg: 'EdDSA', typ: 'JWT' }))],
    ['says alg none', signed({}, base64({ alg: 'none', typ: 'JWT', kid: signing.jwk.kid }))],
    ['has no signature', `${header}.${payload}.`],
    ['has no segments', 'garbage'],
    ['is empty', ''],
    ['is dots', '...'],
    ['is a header', `${header}.`],
    ['has a payload that is no JSON', `${header}.AAAA.${signature}`],
    ['has a payload that is null', `${header}.${base64(null)}.${signature}`],
    ['has a payload that is a list', `${header}.${base64([])}.${signature}`],
    ['is cut short', token.slice(0, -10)],
    ['is huge', signed({ name: 'a'.repeat(5000) })],
  ])('is not read when it %s', (_, bad) => {
    expect(tokens.read(bad)).toBeNull();
  });

  it('signed by HMAC with the public key is not read (confusion of algorithms)', () => {
    const text = `${base64({ alg: 'HS256', typ: 'JWT', kid: signing.jwk.kid })}.${payload}`;
    for (const secret of [signing.jwk.x, signing.publicKey.export({ type: 'spki', format: 'pem' })]) {
      const mac = createHmac('sha256', secret).update(text).digest('base64url');
      expect(tokens.read(`${text}.${mac}`)).toBeNull();
      expect(tokens.read(`${text}.${mac.padEnd(signature.length, 'A')}`)).toBeNull();
    }
  });

  it.each<[string, string]>([
    ['another payload', `${header}.${base64({ ...claims, role: 'registrar' })}.${signature}`],
    ['the signature of another token', `${header}.${payload}.${tokens.sign(student).split('.')[2]}`],
    ['a signature that is no base64url', `${header}.${payload}.${'*'.repeat(signature.length)}`],
    ['a signature beyond ASCII', `${header}.${payload}.${'é'.repeat(signature.length)}`],
  ])('with %s is another session, and not genuine', (_, forged) => {
    expect(tokens.read(forged)?.sessionId).not.toBe(tokens.read(token)?.sessionId);
    expect(tokens.read(forged)?.isGenuine()).toBe(false);
  });

  it('has one spelling only: no other text of the same signature is genuine', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(signature.slice(-1));
    const twin = signature.slice(0, -1) + alphabet.charAt(last ^ 1);
    const bytes = Buffer.from(twin, 'base64url');
    expect(verify(null, Buffer.from(`${header}.${payload}`), signing.publicKey, bytes)).toBe(true);
    expect(tokens.read(`${header}.${payload}.${twin}`)?.isGenuine()).toBe(false);
  });

  it('outlives the key that signs, until that is removed', () => {
    const next = newKey();
    const rotated = made(next + key).tokens;
    expect(rotated.read(token)?.isGenuine()).toBe(true);
    expect(tokens.read(rotated.sign(student))).toBeNull();
    expect(made(next).tokens.read(token)).toBeNull();
  });

  it('is never read out of anything else, and never a reason to throw', () => {
    const piece = fc.oneof(fc.constantFrom(header, payload, signature, '.'), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const text = pieces.join('');
        expect(text === token || tokens.read(text)?.isGenuine() !== true).toBe(true);
      }),
    );
  });
});
