/** `bench:auth`: what it costs to sign and verify tokens, and what a token and its session cost the edge. */
import type { Bench } from '../../bench.js';
import { compareAlgorithms } from './algorithms.js';
import { compareSessions } from './sessions.js';

export const auth: Bench = {
  name: 'auth',
  summary: 'tokens by algorithm, and what a token and its session cost the edge',
  description:
    'Compares algorithms of tokens by what signing and verifying cost; and requests that the gate of the edge lets ' +
    'in: without a token, with the token of one user, and with the tokens of so many users that each comes once.',
  defaultSeconds: 2,
  pinned: true,
  run: async (context) => ({
    comparisons: [await compareAlgorithms(context), await compareSessions(context)],
    notes: ['sessions are looked up in a real Redis over loopback, whose own CPU is not counted'],
  }),
};
