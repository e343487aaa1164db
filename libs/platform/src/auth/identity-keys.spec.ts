import { describe, expect, it } from '@jest/globals';
import { derivedKeys, isKeyList, keyList, listedKeys } from './identity-keys.js';

const [current, previous] = ['the secret of today', 'the secret of yesterday'];

describe('identity keys', () => {
  it('differ for each direction and secret, and are always the same', () => {
    const keys = derivedKeys([current, previous]);
    const directions = [
      ['edge-gateway', 'course-service'],
      ['edge-gateway', 'degree-service'],
      ['degree-service', 'course-service'],
    ] as const;
    const texts = directions.flatMap(([issuer, audience]) =>
      keys(issuer, audience).map((key) => key.toString('hex')),
    );
    expect(new Set(texts).size).toBe(6);
    expect(keys('a', 'b')).toEqual(derivedKeys([current, previous])('a', 'b'));
  });

  it('reach a service as a list of what concerns it, and nothing else', () => {
    const list = keyList('degree-service', [current, previous]);
    expect(list.replaceAll(/=[\w-]{43}/g, '').split(',')).toEqual([
      'degree-service>course-service',
      'degree-service>course-service',
      'edge-gateway>degree-service',
      'edge-gateway>degree-service',
      'student-service>degree-service',
      'student-service>degree-service',
    ]);
    const [listed, derived] = [listedKeys(list), derivedKeys([current, previous])];
    expect(listed('edge-gateway', 'degree-service')).toEqual(derived('edge-gateway', 'degree-service'));
    expect(() => listed('edge-gateway', 'course-service')).toThrow(
      'IDENTITY_KEYS has no key for edge-gateway>course-service',
    );
  });

  it.each(['', 'edge-gateway>course-service', 'edge-gateway>course-service=c2hvcnQ', '=', 'a=b,c=d'])(
    'are not what %p says',
    (text) => {
      expect(isKeyList(text)).toBe(false);
      expect(isKeyList(keyList('edge-gateway', [current]))).toBe(true);
    },
  );
});
