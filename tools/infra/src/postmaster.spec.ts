import { describe, expect, it } from '@jest/globals';
import { parsePidFile } from './postmaster.js';

const pidFile = (status: string) =>
  `4711\n/data/postgres\n1700000000\n54329\n\n127.0.0.1\n  12345        42\n${status}\n`;

describe('the pid file of PostgreSQL', () => {
  it('tells the process and its port', () => {
    expect(parsePidFile(pidFile('ready   '))).toEqual({ pid: 4711, port: 54329, stopping: false });
  });

  it('tells that the server is about to end', () => {
    expect(parsePidFile(pidFile('stopping'))?.stopping).toBe(true);
  });

  it.each(['', '4711\n', 'garbage\n\n\nmore\n', '-4711\n/data\n1\n54329\n'])(
    'is nothing to go by when it reads %j',
    (content) => {
      expect(parsePidFile(content)).toBeUndefined();
    },
  );
});
