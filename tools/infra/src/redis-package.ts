/** Unpacks the operating system's Redis package and the libraries it lacks: no root needed, nothing installed. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callerEnvironment } from './config.js';
import { makeDirectory } from './database-home.js';
import { findProgram, isExecutable, type RedisBinary, type RedisSearch } from './redis-binary.js';

const run = promisify(execFile);

const PACKAGE = 'redis-server';
const APT_LIMIT_MS = 120_000;
/** One mirror that does not answer must not hold up the start. */
const APT_SETTINGS = ['Acquire::http::Timeout=15', 'Acquire::Retries=1', 'APT::Sandbox::User=root'];

/** One use of apt: where its packages go, and by which settings. */
interface Fetch {
  readonly directory: string;
  readonly settings: readonly string[];
  readonly signal: AbortSignal | undefined;
}

export async function unpackRedis({ cacheDir, say, signal }: RedisSearch): Promise<RedisBinary> {
  const unpacked = join(cacheDir, 'redis-package');
  const kept = await binaryIn(unpacked);
  if (kept !== undefined) return kept;
  await requireTools();
  say(`Redis is not installed: unpacking the system's package into ${unpacked} (once)`);
  await makeDirectory(cacheDir);
  const work = await mkdtemp(join(cacheDir, 'unfinished-'));
  try {
    await fetchPackages({ directory: work, settings: APT_SETTINGS, signal }, say);
    const tree = join(work, 'tree');
    await mkdir(tree);
    for (const file of await readdir(work)) {
      if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(work, file), tree]);
    }
    await run('chmod', ['-R', 'a+rX', tree]);
    await rm(unpacked, { recursive: true, force: true });
    await rename(tree, unpacked);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  const binary = await binaryIn(unpacked);
  if (binary === undefined) throw new Error(`the package ${PACKAGE} holds no server`);
  return binary;
}

async function requireTools(): Promise<void> {
  const tools = await Promise.all([findProgram('apt-get'), findProgram('dpkg-deb')]);
  if (tools.includes(undefined))
    throw new Error('no package to unpack: this is not a Debian or Ubuntu system');
}

async function fetchPackages(fetch: Fetch, say: (line: string) => void): Promise<void> {
  try {
    await download(fetch);
  } catch {
    fetch.signal?.throwIfAborted();
    // No package lists, or old ones: lists of our own need no root and leave the system's alone.
    say('its package lists are missing or old: fetching them');
    await downloadByOwnLists(fetch).catch((cause: unknown) => {
      const reason = /^E: (.*)$/m.exec(String(cause))?.[1] ?? String(cause);
      const trouble = `the system package cannot be downloaded (${reason}); as root try: apt-get update`;
      throw new Error(trouble, { cause });
    });
  }
}

/** The package and what it needs that is not installed, as apt itself resolves it. */
async function download(fetch: Fetch): Promise<void> {
  const plan = await apt(fetch, ['--simulate', '--no-install-recommends', 'install', PACKAGE]);
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '');
  if (missing.length === 0) throw new Error(`apt has nothing to install for ${PACKAGE}`);
  await apt(fetch, ['download', ...missing]);
}

async function downloadByOwnLists(fetch: Fetch): Promise<void> {
  const [lists, cache] = [join(fetch.directory, 'lists'), join(fetch.directory, 'cache')];
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(cache, 'archives', 'partial'), { recursive: true });
  const own = {
    ...fetch,
    settings: [...fetch.settings, `Dir::State::lists=${lists}`, `Dir::Cache=${cache}`],
  };
  await apt(own, ['update']);
  await download(own);
}

async function apt({ directory, settings, signal }: Fetch, args: readonly string[]): Promise<string> {
  const env = { ...callerEnvironment(), LC_ALL: 'C' };
  const options = settings.flatMap((setting) => ['-o', setting]);
  const limits = { cwd: directory, env, timeout: APT_LIMIT_MS, signal };
  const { stdout } = await run('apt-get', [...options, ...args], limits);
  return stdout;
}

async function binaryIn(unpacked: string): Promise<RedisBinary | undefined> {
  const command = join(unpacked, 'usr', 'bin', PACKAGE);
  if (!(await isExecutable(command))) return undefined;
  const files = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const libraries = files.filter(({ name }) => /\.so(\.|$)/.test(name));
  const folders = [...new Set(libraries.map(({ parentPath }) => parentPath))];
  return {
    command,
    env: { LD_LIBRARY_PATH: folders.join(':') },
    origin: `the system's package, unpacked into ${unpacked}`,
  };
}
