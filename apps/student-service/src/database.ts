/** How this service's database is set up. */
import type { DatabaseOptions } from '@flowchart/database';
import type { DatasetSize } from '@flowchart/dataset';
import { Logger } from '@nestjs/common';
import type { StudentServiceConfig } from './config.js';
import { CreateStudents1767225600000 } from './migrations/1767225600000-create-students.js';
import { isLoaded, loadStudents } from './seed/load-students.js';

/** All access is plain SQL, so there are no entities. */
export const databaseOptions = ({
  databaseUrl: url,
  poolSize,
  slowQueryMs,
  seedSize,
}: StudentServiceConfig): DatabaseOptions => ({
  service: 'student',
  url,
  poolSize,
  slowQueryMs,
  entities: [],
  migrations: [CreateStudents1767225600000],
  seed: async () => {
    if (seedSize) await seed(url, seedSize);
  },
});

async function seed(url: string, size: DatasetSize): Promise<void> {
  if (await isLoaded(url)) return;
  const logger = new Logger('Seed');
  logger.log(`loading the students of size ${size}`);
  const startMs = performance.now();
  await loadStudents(url, size);
  logger.log(`loaded in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
}
