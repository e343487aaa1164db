// Every degree the university awards, graduate degrees first.
import type { CatalogueDegree } from './catalogue.types.js';
import { graduateDegrees } from './graduate-degrees.js';
import { undergraduateDegrees } from './undergraduate-degrees.js';

export const degrees: readonly CatalogueDegree[] = [...graduateDegrees, ...undergraduateDegrees];
