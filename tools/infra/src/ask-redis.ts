/** Sends one command to the Redis of the system: what redis-cli does, where there is none. */
import { Redis } from 'ioredis';
import { replyText, type Reply } from './answer-text.js';
import { runBin } from './bin.js';
import { givenRedis, readInfraConfig } from './config.js';
import { InfraError } from './infra-error.js';
import { HOST } from './ports.js';

const HELP = `
Sends a command to the Redis of the system and prints the answer.

  npx node tools/infra/dist/ask-redis.js INFO stats
  npx node tools/infra/dist/ask-redis.js XLEN flowchart:events

It is the embedded one on REDIS_PORT, or yours by REDIS_URL.
`;
const LIMIT_MS = 5000;

await runBin(HELP, async ([command, ...args]) => {
  if (command === undefined) throw new InfraError('There is nothing to ask; see --help');
  process.stdout.write(`${replyText(await ask(command, args))}\n`);
  return 0;
});

async function ask(command: string, args: readonly string[]): Promise<Reply> {
  const url = givenRedis() ?? `redis://${HOST}:${readInfraConfig().redisPort}`;
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: LIMIT_MS,
    commandTimeout: LIMIT_MS,
    retryStrategy: null,
  });
  // What `connect` rejects with says only that the connection is closed.
  let failure: Error | undefined;
  redis.on('error', (error: Error) => (failure = error));
  try {
    await redis.connect();
    return (await redis.call(command, [...args])) as Reply;
  } catch (error) {
    const reason = failure ?? error;
    const because = reason instanceof Error ? reason.message : String(reason);
    throw new InfraError(`Redis at ${new URL(url).host} does not do that (${because}).`);
  } finally {
    redis.disconnect();
  }
}
