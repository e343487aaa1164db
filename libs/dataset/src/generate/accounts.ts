// The accounts everybody may know: demonstration data, never seeded in production unless asked for.
import { staffId } from './student-id.js';

/** Password of every seeded account. */
export const demoPassword = 'flowchart';

/**
 * `demoPassword` hashed once for all accounts (Argon2id, 12 MiB, 3 passes): a million hashes of their own would take
 * hours and protect nothing, since the password is printed above.
 */
export const demoPasswordHash =
  '$argon2id$v=19$m=12288,t=3,p=1$Zmxvd2NoYXJ0IGRlbW8gMQ$Wu7BxKkCjvxyo5hRZBXNDEs2E2BMMlvYEJeqUictQXw';

export const registrar = { id: staffId('registrar'), username: 'registrar' } as const;
