/** The rush in a process of its own. */
import { answerParent } from '../../child-module.js';
import { makeRush, type Rush } from '../../client/rush.js';
import { uncachedReads } from './requests.js';

export interface RushOrder extends Rush {
  readonly tokens: readonly string[];
  readonly seed: number;
}

answerParent(({ tokens, seed, ...rush }: RushOrder) => makeRush(rush, uncachedReads(tokens, seed)));
