/** What the rush asks for: nothing that the edge has in store. */
import { requestBytes } from '../../client/exchange.js';
import { seededRandom } from '../../measure/rounds.js';

/** Shares of the requests, of 100; the rest are searches that nobody made before. */
const privateReads: readonly (readonly [share: number, target: string])[] = [
  [30, '/students/me'],
  [20, '/students/me/transcript'],
  [15, '/students/me/plan'],
  [10, '/students/me/audit'],
  [10, '/auth/status'],
];

/** Private reads of the owners of `tokens` in turn, and searches of the catalogue. */
export function uncachedReads(tokens: readonly string[], seed: number): () => Uint8Array {
  const random = seededRandom(seed);
  let number = 0;
  return () => {
    const token = tokens[number++ % tokens.length] ?? '';
    let left = random() * 100;
    for (const [share, target] of privateReads) {
      left -= share;
      if (left < 0) return requestBytes({ target, headers: { authorization: `Bearer ${token}` } });
    }
    return requestBytes({ target: `/courses?q=${seed.toString(36)}x${number.toString(36)}` });
  };
}
