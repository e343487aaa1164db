/** The flood in a process of its own. */
import { answerParent } from '../child-module.js';
import { flood } from './flood.js';

answerParent(flood);
