/** Passwords as they are stored: Argon2id (RFC 9106), computed on libuv's thread pool, in the PHC string format. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { hashRaw } from '@node-rs/argon2';

interface Cost {
  readonly memoryKibibytes: number;
  readonly passes: number;
  readonly lanes: number;
}

interface StoredPassword {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly tag: Buffer;
}

/**
 * One of the settings that OWASP's Password Storage Cheat Sheet counts as equally strong minima, with less memory than
 * the first of them (19 MiB and 2 passes) and a little cheaper.
 */
const cost: Cost = { memoryKibibytes: 12 * 1024, passes: 3, lanes: 1 };
const SALT_BYTES = 16;
const TAG_BYTES = 32;

/** What a wrong username is checked against, so that it costs as much as a wrong password. Matches nothing. */
export const decoyHash = format({ cost, salt: Buffer.alloc(SALT_BYTES), tag: Buffer.alloc(TAG_BYTES) });

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return format({ cost, salt, tag: await derive(password, { cost, salt, tagBytes: TAG_BYTES }) });
}

/** Whether `stored` was made from `password`; throws when `stored` is not a hash of ours. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const { cost: costThen, salt, tag } = parse(stored);
  const derived = await derive(password, { cost: costThen, salt, tagBytes: tag.length });
  return timingSafeEqual(derived, tag);
}

function derive(
  password: string,
  {
    cost: { memoryKibibytes, passes, lanes },
    salt,
    tagBytes,
  }: { cost: Cost; salt: Buffer; tagBytes: number },
): Promise<Buffer> {
  // Argon2id 0x13 is the default. Keyboards differ in how they compose letters: NIST SP 800-63B asks for one form.
  return hashRaw(Buffer.from(password.normalize('NFKC')), {
    salt,
    parallelism: lanes,
    outputLen: tagBytes,
    memoryCost: memoryKibibytes,
    timeCost: passes,
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

/** https://github.com/P-H-C/phc-string-format */
function format({ cost: { memoryKibibytes, passes, lanes }, salt, tag }: StoredPassword): string {
  return `$argon2id$v=19$m=${memoryKibibytes},t=${passes},p=${lanes}$${base64(salt)}$${base64(tag)}`;
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

function parse(stored: string): StoredPassword {
  const [, memory, passes, lanes, salt = '', tag = ''] = phc.exec(stored) ?? [];
  if (!memory) throw new Error('a stored password is not an Argon2id hash in PHC format');
  return {
    cost: { memoryKibibytes: Number(memory), passes: Number(passes), lanes: Number(lanes) },
    salt: Buffer.from(salt, 'base64'),
    tag: Buffer.from(tag, 'base64'),
  };
}
