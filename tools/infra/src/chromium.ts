/** A browser for tests: an installed Chromium or Chrome, else the one of the system's package, unpacked. */
import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { defaultInfraDir } from './config.js';
import { InfraError } from './infra-error.js';
import { systemEnvironment } from './launch.js';
import { alone, findProgram, type Program, type ProgramSearch, type ProgramSource } from './program.js';
import { fromPackage, type SystemPackage } from './system-package.js';

const run = promisify(execFile);

const VERSION_LIMIT_MS = 20_000;

const chromiumPackage: SystemPackage = {
  name: 'chromium',
  program: 'usr/lib/chromium/chromium',
  directory: 'chromium-package',
};

const installed: ProgramSource = async () => {
  const names = ['chromium', 'google-chrome-stable', 'google-chrome', 'chromium-browser'];
  const command = await findProgram(...names);
  if (command === undefined) throw new Error(`none of ${names.join(', ')} is on PATH`);
  return { command, env: {}, origin: command };
};

/** Its fonts and their configuration lie where it was unpacked, not where it looks for them. */
const unpacked: ProgramSource = async (search) => {
  const program = await fromPackage(chromiumPackage)(search);
  const root = dirname(dirname(dirname(dirname(program.command))));
  return { ...program, env: { ...program.env, FONTCONFIG_SYSROOT: root } };
};

/** The first that really runs; rejects with every reason where there is none. */
export async function findChromium(
  say: (line: string) => void,
  search: ProgramSearch = { cacheDir: join(defaultInfraDir, 'programs'), say },
): Promise<Program> {
  const reasons: string[] = [];
  for (const source of [installed, alone(unpacked)]) {
    try {
      const program = await source(search);
      await run(program.command, ['--version'], {
        env: { ...systemEnvironment, ...program.env },
        timeout: VERSION_LIMIT_MS,
      });
      return program;
    } catch (error) {
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  throw new InfraError(`no Chromium to be had:${reasons.map((reason) => `\n  - ${reason}`).join('')}`);
}
