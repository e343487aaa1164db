/** Downloads and compiles a Redis server; run as a process of its own because the library cannot be interrupted. */
import { RedisBinary } from 'redis-memory-server';

const [downloadDir, version] = process.argv.slice(2);
if (downloadDir === undefined || version === undefined)
  throw new Error('usage: build-redis <directory> <version>');
try {
  await RedisBinary.getPath({ downloadDir, version, systemBinary: '', ignoreDownloadCache: false });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message.trim() : String(error)}\n`);
  process.exitCode = 1;
}
