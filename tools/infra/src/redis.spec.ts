import { describe, expect, it } from '@jest/globals';
import { portInTitle } from './redis.js';
import { parseFacts } from './redis-protocol.js';

const answer = (ping: string) =>
  `${ping}\r\n$61\r\n# Server\r\nredis_version:7.0.15\r\nprocess_id:4711\r\ntcp_port:63799\r\n\r\n` +
  '*2\r\n$3\r\ndir\r\n$11\r\n/data/redis\r\n+OK\r\n';

describe('what a Redis server says of itself', () => {
  it('is its process and its data folder', () => {
    expect(parseFacts(answer('+PONG'))).toEqual({ pid: 4711, dataDir: '/data/redis', ready: true });
  });

  it('is that it is not ready while it reads its data', () => {
    expect(parseFacts(answer('-LOADING Redis is loading the dataset in memory'))?.ready).toBe(false);
  });

  it.each(['', 'HTTP/1.1 400 Bad Request\r\n', '-NOAUTH Authentication required.\r\n'])(
    'is nothing when somebody else answers %j',
    (other) => {
      expect(parseFacts(other)).toBeUndefined();
    },
  );
});

describe('the title of a Redis process', () => {
  it.each([
    ['redis-server 127.0.0.1:63799', 63799],
    ['/workspace/.infra/redis-package/usr/bin/redis-server 127.0.0.1:6379', 6379],
    ['valkey-server *:7000', 7000],
    ['node server.js 127.0.0.1:63799', undefined],
    ['', undefined],
  ])('%j shows port %s', (title, port) => {
    expect(portInTitle(title)).toBe(port);
  });
});
