/** Debian's Alertmanager without root: it reads its templates below /usr/share, where an unpacked package has none. */
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InfraError, type Program } from '@flowchart/infra';

/** Where the package is unpacked, in the folder of programs. */
export const alertmanagerDirectory = 'prometheus-alertmanager-package';

const BUILT_IN = '/usr/share/prometheus/alertmanager';
/** As long as the path it stands for, as the bytes around it must stay where they are; relative to its folder. */
const RELATIVE = 'usr/share//prometheus/alertmanager';

/** A copy of the program beside it that looks for its templates in the folder it is started in. */
export async function relocated(program: Program): Promise<Program> {
  const command = `${program.command}-relocated`;
  const image = await readFile(program.command);
  let found = 0;
  for (let at = image.indexOf(BUILT_IN); at !== -1; at = image.indexOf(BUILT_IN, at + 1), found++)
    image.write(RELATIVE, at, 'latin1');
  if (found === 0)
    throw new InfraError(`${program.command} names no ${BUILT_IN}: another version than was tried`);
  // Written aside: one that runs from an earlier start may not be written to.
  await writeFile(`${command}.new`, image, { mode: 0o755 });
  await rename(`${command}.new`, command);
  return { ...program, command };
}

/** Puts the package's templates where the copy looks for them when it is started in `folder`. */
export async function linkTemplates(folder: string, programHome: string): Promise<void> {
  await rm(join(folder, 'usr'), { force: true });
  await symlink(join(programHome, alertmanagerDirectory, 'usr'), join(folder, 'usr'));
}
