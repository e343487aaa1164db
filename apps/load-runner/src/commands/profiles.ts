// `profiles` lists what can be run; `validate` tells whether a file can be; `schema` is what an editor checks it by.

import { Command } from 'commander';
import { formatDuration } from '../profiles/duration.js';
import { Schedule } from '../profiles/schedule.js';
import { profileJsonSchema, type Profile } from '../profiles/schema.js';
import { meanThinkMs } from '../profiles/think-time.js';
import { checkRequest } from '../perform.js';
import { loadProfile, profileNames } from '../profiles/profile-folder.js';

export const profilesCommand = (): Command =>
  new Command('profiles')
    .description('list the profiles in load-testing/profiles: load, time, and what each is for')
    .addHelpText('after', '\nExample:\n  $ load-runner profiles')
    .action(() => {
      const lines = profileNames().map((name) => `${name.padEnd(10)} ${summary(loadProfile(name))}`);
      process.stdout.write(`${lines.join('\n')}\n`);
    });

export const validateCommand = (): Command =>
  new Command('validate')
    .description('check a profile without sending a request')
    .argument('<file>', 'name of a profile, or path of a YAML file')
    .addHelpText(
      'after',
      '\nExample:\n  $ load-runner validate ./my-profile.yaml\n\nExit codes:\n  0 valid, 104 not valid: each complaint with file, line and column',
    )
    .action((file: string) => {
      const profile = loadProfile(file);
      checkRequest({ profile, baseUrl: 'http://127.0.0.1', seed: 0, workers: 1, tags: {} });
      process.stdout.write(`${profile.name} is valid: ${summary(profile)}\n`);
    });

export const schemaCommand = (): Command =>
  new Command('schema')
    .description('print the JSON Schema of profiles')
    .addHelpText('after', '\nExample:\n  $ load-runner schema > load-testing/profiles/profile.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(profileJsonSchema(), null, 2)}\n`);
    });

function summary(profile: Profile): string {
  const { peakLevel, durationMs } = new Schedule(profile.stages);
  const thinkMs = meanThinkMs(profile.thinkTime);
  const offered =
    thinkMs > 0 ? `, offers at most ${Math.round((peakLevel / thinkMs) * 1000)} requests/s` : '';
  const unit = { closed: 'users', open: 'requests/s', flood: 'connections' }[profile.model];
  return `${peakLevel} ${unit}, ${formatDuration(durationMs)}${offered}. ${profile.description}`.trim();
}
