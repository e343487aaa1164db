// Finds profiles by name in load-testing/profiles, or by path.

import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, folders } from '../config.js';
import { readProfile } from './profile-file.js';
import type { Profile } from './schema.js';

export const profileNames = (): string[] =>
  readdirSync(folders.profiles)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();

const isPath = (nameOrPath: string): boolean => /[\\/]|\.ya?ml$/.test(nameOrPath);

export function loadProfile(nameOrPath: string): Profile {
  if (isPath(nameOrPath)) return readProfile(resolve(nameOrPath));
  const names = profileNames();
  if (!names.includes(nameOrPath)) {
    throw new ConfigError(
      `there is no profile "${nameOrPath}"; there are ${names.join(', ')}, or give the path of a YAML file`,
    );
  }
  return readProfile(join(folders.profiles, `${nameOrPath}.yaml`));
}
