import { hkdfSync } from 'node:crypto';
import { serviceCalls } from '@flowchart/contracts';
import { ConfigError } from '../config/read-config.js';

/**
 * The keys of one direction, `issuer` toward `audience`: the first one signs, all are believed, so that a key can be
 * changed while both are in use. What one service holds is good for nothing toward another.
 */
export type IdentityKeys = (issuer: string, audience: string) => readonly Buffer[];

const KEY_BYTES = 32;

/** Keys of any direction, from master secrets: HKDF-SHA256 (RFC 5869) with the direction as its info. */
export const derivedKeys =
  (secrets: readonly string[]): IdentityKeys =>
  (issuer, audience) =>
    secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `${issuer}>${audience}`, KEY_BYTES)));

/** The keys in a list as `keyList` writes it. */
export function listedKeys(list: string): IdentityKeys {
  const listed = list.split(',').map(parseKey);
  return (issuer, audience) => {
    const wanted = `${issuer}>${audience}`;
    const keys = listed.filter(({ direction }) => direction === wanted).map(({ key }) => key);
    if (keys.length === 0) throw new ConfigError(`IDENTITY_KEYS has no key for ${wanted}.`);
    return keys;
  };
}

/** All that `service` needs to call and to be called, without the secrets: `edge-gateway>course-service=<base64url>,…`. */
export function keyList(service: string, secrets: readonly string[]): string {
  const keys = derivedKeys(secrets);
  return serviceCalls
    .filter(({ issuer, audience }) => issuer === service || audience === service)
    .flatMap(({ issuer, audience }) =>
      keys(issuer, audience).map((key) => `${issuer}>${audience}=${key.toString('base64url')}`),
    )
    .join(',');
}

/** Whether a text is a list of keys of full length. */
export const isKeyList = (text: string): boolean =>
  text.split(',').every((entry) => {
    const { direction, key } = parseKey(entry);
    return /^[\w-]+>[\w-]+$/.test(direction) && key.length === KEY_BYTES;
  });

function parseKey(entry: string): { direction: string; key: Buffer } {
  const [direction = '', key = ''] = entry.trim().split('=', 2);
  return { direction, key: Buffer.from(key, 'base64url') };
}
