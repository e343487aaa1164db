/** Unpacks a package of the operating system and the libraries it lacks: no root needed, nothing installed. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { callerEnvironment } from './config.js';
import { makeDirectory } from './database-home.js';
import {
  findProgram,
  isExecutable,
  type Program,
  type ProgramSearch,
  type ProgramSource,
} from './program.js';

const run = promisify(execFile);

const APT_LIMIT_MS = 120_000;
/** One mirror that does not answer must not hold up the start. */
const APT_SETTINGS = ['Acquire::http::Timeout=15', 'Acquire::Retries=1', 'APT::Sandbox::User=root'];

export interface SystemPackage {
  readonly name: string;
  /** Path of its program below the root. */
  readonly program: string;
  /** Where it is kept, in the folder of programs. */
  readonly directory: string;
}

/** One use of apt: where its packages go, and by which settings. */
interface Fetch {
  readonly name: string;
  readonly directory: string;
  readonly settings: readonly string[];
  readonly signal: AbortSignal | undefined;
}

/** The package as a source of its program; fails where the system has no such packages. */
export const fromPackage =
  (wanted: SystemPackage): ProgramSource =>
  async (search) => {
    const unpacked = join(search.cacheDir, wanted.directory);
    const kept = await programIn(unpacked, wanted);
    if (kept !== undefined) return kept;
    await requireTools();
    search.say(`${wanted.name} is not installed: unpacking the system's package into ${unpacked} (once)`);
    await unpack(wanted, unpacked, search);
    const program = await programIn(unpacked, wanted);
    if (program === undefined) throw new Error(`the package ${wanted.name} holds no ${wanted.program}`);
    return program;
  };

async function unpack(
  { name }: SystemPackage,
  into: string,
  { cacheDir, say, signal }: ProgramSearch,
): Promise<void> {
  await makeDirectory(cacheDir);
  const work = await mkdtemp(join(cacheDir, 'unfinished-'));
  try {
    await fetchPackages({ name, directory: work, settings: APT_SETTINGS, signal }, say);
    const tree = join(work, 'tree');
    await mkdir(tree);
    for (const file of await readdir(work)) {
      if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(work, file), tree]);
    }
    await run('chmod', ['-R', 'a+rX', tree]);
    await rm(into, { recursive: true, force: true });
    await rename(tree, into);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
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
  const plan = await apt(fetch, ['--simulate', '--no-install-recommends', 'install', fetch.name]);
  const missing = [...plan.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '');
  if (missing.length === 0) throw new Error(`apt has nothing to install for ${fetch.name}`);
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

async function programIn(unpacked: string, { program }: SystemPackage): Promise<Program | undefined> {
  const command = join(unpacked, program);
  if (!(await isExecutable(command))) return undefined;
  const files = await readdir(unpacked, { recursive: true, withFileTypes: true });
  const libraries = files.filter(({ name }) => /\.so(\.|$)/.test(name));
  const folders = [...new Set(libraries.map(({ parentPath }) => parentPath))];
  return {
    command,
    // Empty, it would mean the current folder.
    env: folders.length > 0 ? { LD_LIBRARY_PATH: folders.join(':') } : {},
    origin: `the system's package, unpacked into ${unpacked}`,
  };
}
