// What `--out` takes for other systems, and what it says about what it does not take.

import { describe, expect, it } from '@jest/globals';
import { parseOutputTarget } from './target.js';

describe('an output', () => {
  it.each([
    ['influxdb', 'http://localhost:8086', { kind: 'influxdb', url: 'http://localhost:8086' }],
    ['influxdb', 'https://me:secret@host/db', { kind: 'influxdb', url: 'https://me:secret@host/db' }],
    ['prometheus', '9464', { kind: 'prometheus', port: 9464 }],
    [
      'prometheus-rw',
      'http://localhost:9090/api/v1/write',
      { kind: 'prometheus-rw', url: 'http://localhost:9090/api/v1/write' },
    ],
    ['json', 'file.json', undefined],
    ['toString', 'x', undefined],
  ])('%s=%s is understood', (kind, text, target) => {
    expect(parseOutputTarget(kind, text)).toEqual(target);
  });

  it.each([
    ['influxdb', ''],
    ['influxdb', 'localhost:8086'],
    ['influxdb', 'http://localhost:8086/a/b'],
    ['influxdb', 'http://localhost:8086/k6?precision=s'],
    ['prometheus', '0'],
    ['prometheus', '65536'],
    ['prometheus', 'http://localhost:9464'],
    ['prometheus-rw', 'file:///etc/passwd'],
  ])('%s=%s is refused with what would be right', (kind, text) => {
    expect(parseOutputTarget(kind, text)).toMatch(new RegExp(`^It must be ${kind}=`));
  });
});
