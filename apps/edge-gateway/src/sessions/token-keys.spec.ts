import { generateKeyPairSync } from 'node:crypto';
import { eventually } from '@flowchart/testing';
import { unwatchFile, watchFile } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { config } from '../config.js';
import { TokenKeys } from './token-keys.js';

const newKey = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

/** Those who watch one file are told in turn: when this resolves, `TokenKeys` knows. */
const changeOf = (file: string): Promise<void> =>
  new Promise((resolve) => {
    const listener = () => {
      unwatchFile(file, listener);
      resolve();
    };
    watchFile(file, { interval: 20 }, listener);
  });

describe('token keys in a file', () => {
  let folder: string;
  let file: string;
  let keys: TokenKeys | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flowchart-keys-'));
    file = join(folder, 'keys.pem');
  });
  afterEach(async () => {
    keys?.onApplicationShutdown();
    await rm(folder, { recursive: true });
  });

  const open = (): TokenKeys => {
    const settings = config({ TOKEN_KEYS_FILE: file });
    keys = new TokenKeys({ ...settings, tokenKeys: { ...settings.tokenKeys, watchEveryMs: 20 } });
    return keys;
  };

  it('are read again when they change, so that a rotation needs no restart', async () => {
    const [old, next] = [newKey(), newKey()];
    await writeFile(file, old);
    const { signing } = open().ring;
    await writeFile(file, next + old);
    await eventually(() => keys?.ring.all.length === 2);
    expect(keys?.ring.signing.jwk.kid).not.toBe(signing.jwk.kid);
    expect(keys?.ring.byHeader.has(signing.header)).toBe(true);
  });

  it('are as old as their file, and young again when another one signs', async () => {
    const [old, next] = [newKey(), newKey()];
    await writeFile(file, old);
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(file, hourAgo, hourAgo);
    const before = open().ring;
    expect(keys?.ageSeconds).toBeCloseTo(3600, -2);
    // A key that only verifies makes the one that signs no younger.
    await writeFile(file, old + next);
    await eventually(() => keys?.ring !== before);
    expect(keys?.ageSeconds).toBeCloseTo(3600, -2);
    await writeFile(file, next + old);
    await eventually(() => keys?.ring.signing.jwk.kid !== before.signing.jwk.kid);
    expect(keys?.ageSeconds).toBeLessThan(60);
  });

  it('stay as they were while the file is unusable or gone', async () => {
    const next = newKey();
    await writeFile(file, newKey());
    const { ring } = open();
    for (const spoil of [() => writeFile(file, next.slice(0, 50)), () => rm(file)]) {
      const noticed = changeOf(file);
      await spoil();
      await noticed;
      expect(keys?.ring).toBe(ring);
    }
    await writeFile(file, next);
    await eventually(() => keys?.ring !== ring);
  });

  it('that cannot be read stop the start with the name of the variable', async () => {
    expect(open).toThrow(/TOKEN_KEYS_FILE: .*keys\.pem: .*ENOENT/);
    await writeFile(file, 'no keys');
    expect(open).toThrow(/TOKEN_KEYS_FILE: .*keys\.pem: must be Ed25519 keys in PEM/);
  });
});
