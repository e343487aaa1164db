// The journeys a profile can weight, by the names it uses.

import type { JourneyName } from '../../profiles/schema.js';
import type { Journey } from '../step.js';
import type { User } from '../user.js';
import { browse } from './browse.js';
import { degrees } from './degrees.js';
import { student } from './student.js';

export const journeys: Readonly<Record<JourneyName, (user: User) => Journey>> = { browse, degrees, student };
