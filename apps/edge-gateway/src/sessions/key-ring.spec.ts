import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint } from 'jose';
import { parseKeyRing } from './key-ring.js';

const ed25519 = () => generateKeyPairSync('ed25519');
const privatePem = ({ privateKey }: { privateKey: KeyObject }) =>
  privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const publicPem = ({ publicKey }: { publicKey: KeyObject }) =>
  publicKey.export({ type: 'spki', format: 'pem' }) as string;

describe('a key ring', () => {
  it('signs with the first key and verifies with all, of which the others may be public', () => {
    const [first, second, third] = [ed25519(), ed25519(), ed25519()];
    const ring = parseKeyRing(privatePem(first) + privatePem(second) + publicPem(third));
    expect(ring.signing.privateKey.equals(first.privateKey)).toBe(true);
    expect(ring.all.map(({ publicKey }) => publicKey.export({ format: 'jwk' }).x)).toEqual(
      [first, second, third].map(({ publicKey }) => publicKey.export({ format: 'jwk' }).x),
    );
  });

  it('names a key by its thumbprint, whether it is public or private', async () => {
    const pair = ed25519();
    const { kid } = parseKeyRing(privatePem(pair)).signing.jwk;
    const thumbprint = await calculateJwkThumbprint(pair.publicKey.export({ format: 'jwk' }));
    expect(thumbprint.startsWith(kid)).toBe(true);
    expect(parseKeyRing(privatePem(ed25519()) + publicPem(pair)).all[1]?.jwk.kid).toBe(kid);
  });

  it('publishes nothing private', () => {
    expect(Object.keys(parseKeyRing(privatePem(ed25519())).signing.jwk).sort()).toEqual(
      ['alg', 'crv', 'kid', 'kty', 'use', 'x'].sort(),
    );
  });

  const pair = ed25519();
  it.each([
    ['nothing', '', 'must be Ed25519 keys in PEM'],
    ['some text', 'secret', 'must be Ed25519 keys in PEM'],
    ['half a key', privatePem(pair).slice(0, 60), 'must be Ed25519 keys in PEM'],
    ['a whole key and half of one', privatePem(pair) + privatePem(ed25519()).slice(0, 60), 'in PEM'],
    ['a public key first', publicPem(pair), 'key 1 signs and must be a private key'],
    ['one key twice', privatePem(pair) + publicPem(pair), 'has the same key twice'],
    [
      'another kind of key',
      privatePem(pair) + privatePem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
      'key 2 of 2 is of the type ec, not ed25519',
    ],
    [
      'rubbish in PEM',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'key 1 of 1 cannot be read',
    ],
  ])('is not made of %s', (_, text, reason) => {
    expect(() => parseKeyRing(text)).toThrow(reason);
  });
});
