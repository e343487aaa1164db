/**
 * Writes IDENTITY_KEYS for each part, so that a part can be given the keys of its own calls instead of the secret.
 * Secrets are read from standard input, one a line: the current one first, then those that are still believed.
 *
 *   echo "$IDENTITY_SECRET" | node tools/identity-keys.mjs
 */
import { readFileSync } from 'node:fs';
import { serviceCalls } from '@flowchart/contracts';
import { keyList } from '@flowchart/platform';

const secrets = readFileSync(0, 'utf8')
  .split('\n')
  .filter((line) => line !== '');
if (secrets.length === 0) {
  process.stderr.write('Give the secret on standard input.\n');
  process.exit(1);
}
const parts = new Set(serviceCalls.flatMap(({ issuer, audience }) => [issuer, audience]));
for (const part of parts) process.stdout.write(`${part}: IDENTITY_KEYS=${keyList(part, secrets)}\n`);
