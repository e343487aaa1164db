// Durations as a profile writes them, and in milliseconds.

import { z } from 'zod';
import { durationPattern, parseDurationMs } from './duration.js';

export const duration = z
  .string()
  .regex(durationPattern, 'must be a duration like 500ms, 30s or 1m30s')
  .meta({ examples: ['500ms', '30s', '1m30s'] });
export const ms = (text: string): number => parseDurationMs(text) ?? 0;
export const positiveDuration = duration.refine((text) => ms(text) > 0, 'must be longer than nothing');
