import { describe, expect, it } from '@jest/globals';
import { demoPassword, demoPasswordHash } from '@flowchart/dataset';
import { decoyHash, hashPassword, verifyPassword } from './password-hash.js';

describe('a stored password', () => {
  it('is verified by the password it was made from and by no other', async () => {
    const stored = await hashPassword('correct horse');
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('Correct horse', stored)).toBe(false);
    expect(await verifyPassword('', stored)).toBe(false);
  });

  it('looks different each time', async () => {
    expect(await hashPassword('same')).not.toBe(await hashPassword('same'));
  });

  it('is Argon2id at one of the costs that OWASP gives as a minimum', async () => {
    const [, algorithm, version, cost] = (await hashPassword('x')).split('$');
    expect([algorithm, version]).toEqual(['argon2id', 'v=19']);
    expect(['m=19456,t=2,p=1', 'm=12288,t=3,p=1', 'm=9216,t=4,p=1', 'm=7168,t=5,p=1']).toContain(cost);
  });

  it('agrees with the reference implementation', async () => {
    // https://github.com/P-H-C/phc-winner-argon2/blob/master/src/test.c, Argon2id, version 0x13: hashtest(2, 16, 1).
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', stored)).toBe(true);
    expect(await verifyPassword('passwore', stored)).toBe(false);
  });

  it('does not depend on how the keyboard composes letters', async () => {
    const stored = await hashPassword('caf\u00e9');
    expect(await verifyPassword('cafe\u0301', stored)).toBe(true);
  });

  it('that is not a hash of ours is an error, not a wrong password', async () => {
    await expect(verifyPassword('x', '$2b$12$abcdefghijklmnopqrstuv')).rejects.toThrow(/PHC/);
  });

  it('takes odd passwords: NUL, a lone surrogate, emoji', async () => {
    for (const odd of ['\0', '\ud800', '🎓'.repeat(50)]) {
      expect(await verifyPassword(odd, await hashPassword(odd))).toBe(true);
    }
  });
});

describe('the decoy', () => {
  it('is matched by nothing and costs what a real hash costs', async () => {
    expect(await verifyPassword('', decoyHash)).toBe(false);
    expect(await verifyPassword(demoPassword, decoyHash)).toBe(false);
    expect(decoyHash.split('$')[3]).toBe((await hashPassword('x')).split('$')[3]);
  });
});

describe('the demonstration password', () => {
  it('is what the seeded hash was made from, at the cost in use', async () => {
    expect(await verifyPassword(demoPassword, demoPasswordHash)).toBe(true);
    expect(demoPasswordHash.split('$')[3]).toBe(decoyHash.split('$')[3]);
  });
});
