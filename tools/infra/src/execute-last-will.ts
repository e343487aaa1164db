/** Run by the watch of `custody.ts` once the supervisor is gone. */
import { executeWill } from './last-will.js';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: execute-last-will <file>');
await executeWill(file);
