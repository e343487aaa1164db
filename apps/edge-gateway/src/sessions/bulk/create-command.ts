/** The command line of creating sessions. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Identity } from '@flowchart/contracts';
import { datasetSizes, StudentGenerator } from '@flowchart/dataset';
import { Redis } from 'ioredis';
import type { EdgeConfig } from '../../config.js';
import { SessionStore } from '../session-store.js';
import { TokenKeys } from '../token-keys.js';
import { Tokens } from '../tokens.js';
import { createSessions } from './create-sessions.js';

export const usage = `Creates live sessions of seeded students and writes their tokens to a file, one a line.

  npx nx run edge-gateway:create-sessions --count=100000 --out=tmp/tokens.txt

  --count     how many sessions
  --out       the file; it is replaced, and only its owner may read it
  --students  of how many students: as many as were loaded (${datasetSizes.S}); with more sessions than
              students some have several

Redis, keys and the lifetime of a session are those of the edge: REDIS_URL, TOKEN_KEYS or TOKEN_KEYS_FILE,
SESSION_TTL_SECONDS. A session lives so long after its last request, and from its creation at first.
`;

/** What the user can put right: told in a line, without a stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

interface Options {
  readonly count: number;
  readonly out: string;
  readonly students: number;
}

/** Where progress goes. */
interface Screen {
  write(text: string): unknown;
}

const PROGRESS_EVERY_MS = 2000;
const OWNER_ONLY = 0o600;
const number = new Intl.NumberFormat('en');

/** Resolves with what there is to say in the end. */
export async function runCreateCommand(
  args: readonly string[],
  config: () => EdgeConfig,
  screen: Screen,
): Promise<string> {
  const options = readOptions(args);
  if (!options) return usage;
  const settings = config();
  const redis = await connect(settings.redisUrl);
  try {
    return await create(options, settings, redis, screen);
  } finally {
    redis.disconnect();
  }
}

/** Null: help is wanted. */
function readOptions(args: readonly string[]): Options | null {
  const { count, out, students, help } = parse([...args]);
  if (help) return null;
  if (out === undefined || out === '') throw new Refusal('--out must name a file for the tokens.');
  return { count: wholeNumber('count', count), out, students: wholeNumber('students', students) };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      // Task runners hand the flag on with a value.
      args: args.map((arg) => (arg === '--help=true' ? '--help' : arg)),
      options: {
        count: { type: 'string' },
        out: { type: 'string' },
        students: { type: 'string', default: String(datasetSizes.S) },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (cause) {
    throw new Refusal(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function wholeNumber(option: string, text: string | undefined): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new Refusal(`--${option} must be a whole number above 0.`);
}

async function connect(url: string): Promise<Redis> {
  const redis = new Redis(url, {
    lazyConnect: true,
    enableAutoPipelining: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // What fails is told by the command that fails.
  redis.on('error', () => undefined);
  try {
    await redis.connect();
  } catch (cause) {
    throw new Refusal(`Redis does not answer at ${new URL(url).host}: start it, or set REDIS_URL.`, {
      cause,
    });
  }
  return redis;
}

async function create(
  { count, out, students }: Options,
  settings: EdgeConfig,
  redis: Redis,
  screen: Screen,
): Promise<string> {
  const tokens = new Tokens(new TokenKeys(settings), settings);
  const parts = { tokens, store: new SessionStore(settings), redis };
  const file = await openFile(out);
  const startMs = performance.now();
  let [done, shownMs] = [0, startMs];
  for await (const batch of createSessions(identities(count, students), parts)) {
    if (!file.write(`${batch.join('\n')}\n`)) await once(file, 'drain');
    done += batch.length;
    if (performance.now() - shownMs < PROGRESS_EVERY_MS) continue;
    shownMs = performance.now();
    screen.write(`${number.format(done)} of ${number.format(count)} sessions\n`);
  }
  file.end();
  await once(file, 'close');
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  return `${number.format(done)} sessions created in ${seconds} s, tokens in ${out}\n`;
}

async function openFile(path: string): Promise<NodeJS.WritableStream> {
  const file = createWriteStream(path, { mode: OWNER_ONLY });
  try {
    await once(file, 'open');
  } catch (cause) {
    throw new Refusal(`${path} cannot be written: ${(cause as Error).message}`, { cause });
  }
  return file;
}

/** The students one after the other, from the first again after the last. */
function* identities(count: number, students: number): Iterable<Identity> {
  const generator = new StudentGenerator();
  for (let n = 0; n < count; n++) {
    const { id, name, degreeCode } = generator.profile((n % students) + 1);
    yield { subject: id, name, role: 'student', degreeCode };
  }
}
