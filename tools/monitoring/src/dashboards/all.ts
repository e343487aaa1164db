/** All dashboards, in the order in which they are read. */
import { capacity } from './capacity.js';
import type { Dashboard } from './dashboard.js';
import { database } from './database.js';
import { edgeAndCache } from './edge-and-cache.js';
import { loadRun } from './load-run.js';
import { overview } from './overview.js';
import { redis } from './redis.js';
import { service } from './service.js';

export const dashboards: readonly Dashboard[] = [
  overview,
  service,
  edgeAndCache,
  database,
  redis,
  loadRun,
  capacity,
];
