import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeySet } from '@flowchart/contracts';

export interface RingKey {
  /** As a JWKS lists it (RFC 8037). */
  readonly jwk: KeySet['keys'][number];
  /** First segment of every token that was signed with it. */
  readonly header: string;
  readonly publicKey: KeyObject;
}

/** The keys of access tokens: one signs, all verify. */
export interface KeyRing {
  readonly signing: RingKey & { readonly privateKey: KeyObject };
  readonly all: readonly RingKey[];
  readonly byHeader: ReadonlyMap<string, RingKey>;
}

const pemBlock = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;
const KEY_ID_LENGTH = 16;

/**
 * Reads Ed25519 keys in PEM, one after the other. The first, a private key, signs; all others verify, and may be public
 * keys. Throws an `Error` that says which key is wrong, and never what is in it.
 */
export function parseKeyRing(text: string): KeyRing {
  const blocks = text.match(pemBlock) ?? [];
  if (blocks.length === 0 || text.split('-----BEGIN').length - 1 !== blocks.length) {
    throw new Error('must be Ed25519 keys in PEM: openssl genpkey -algorithm ed25519 makes one');
  }
  const keys = blocks.map((pem, index) => parseKey(pem, `key ${index + 1} of ${blocks.length}`));
  const [first] = keys;
  const all = keys.map(({ ringKey }) => ringKey);
  if (!first?.privateKey) throw new Error('key 1 signs and must be a private key');
  const byHeader = new Map(all.map((key) => [key.header, key]));
  if (byHeader.size < all.length) throw new Error('has the same key twice');
  return { signing: { ...first.ringKey, privateKey: first.privateKey }, all, byHeader };
}

function parseKey(pem: string, name: string): { ringKey: RingKey; privateKey?: KeyObject } {
  const isPublic = pem.includes('BEGIN PUBLIC KEY');
  const key = keyFrom(pem, isPublic, name);
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new Error(`${name} is of the type ${key.asymmetricKeyType ?? 'unknown'}, not ed25519`);
  }
  const publicKey = isPublic ? key : createPublicKey(key);
  return { ringKey: ringKeyOf(publicKey), ...(!isPublic && { privateKey: key }) };
}

function keyFrom(pem: string, isPublic: boolean, name: string): KeyObject {
  try {
    return isPublic ? createPublicKey(pem) : createPrivateKey(pem);
  } catch (cause) {
    throw new Error(`${name} cannot be read`, { cause });
  }
}

function ringKeyOf(publicKey: KeyObject): RingKey {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  // The key's thumbprint (RFC 7638, members in this order): edges that hold one key agree on its id.
  const thumbprint = createHash('sha256').update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }));
  const kid = thumbprint.digest('base64url').slice(0, KEY_ID_LENGTH);
  const header = Buffer.from(JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid })).toString('base64url');
  return { jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' }, header, publicKey };
}
