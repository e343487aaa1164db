/** Loading students into a real PostgreSQL: whole, repeatable, once, and again after an interruption. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from '@flowchart/database';
import { datasetSizes, StudentGenerator } from '@flowchart/dataset';
import { createTestDatabase, type TestDatabase } from '@flowchart/testing';
import { Logger } from '@nestjs/common';
import { Client } from 'pg';
import { config } from '../config.js';
import { databaseOptions } from '../database.js';
import { keys } from './keys.js';
import { Refusal, runLoadCommand, type Surroundings, usage } from './load-command.js';
import { isLoaded, loadStudents } from './load-students.js';

beforeAll(() => Logger.overrideLogger(false));

let database: TestDatabase;
let client: Client;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new Client({ connectionString: database.url });
  await client.connect();
});
afterEach(async () => {
  await client.end();
  await database.drop();
});

const environment = (extra: Record<string, string> = {}) => ({
  STUDENT_DATABASE_URL: database.url,
  DATASET_SIZE: 'XS',
  ...extra,
});

/** As a service does when it starts. */
async function start(extra: Record<string, string> = {}): Promise<void> {
  const dataSource = await connect(databaseOptions(config(environment(extra))));
  await dataSource.destroy();
}

async function one<T>(sql: string): Promise<T> {
  const { rows } = await client.query<{ value: T }>(sql);
  return rows[0]?.value as T;
}

const count = async (table: string) => Number(await one<string>(`SELECT count(*) AS value FROM ${table}`));

/** Of all rows of all tables, in an order of their own. */
const checksum = (): Promise<string> =>
  one(`SELECT md5(string_agg(line, E'\\n' ORDER BY line COLLATE "C")) AS value FROM (
         SELECT a::text AS line FROM accounts a UNION ALL
         SELECT s::text FROM students s UNION ALL
         SELECT t::text FROM transcript_entries t)`);

const constraints = (): Promise<string> =>
  one(`SELECT string_agg(conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid), E'\\n'
                         ORDER BY conrelid::regclass::text, conname) AS value
         FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0`);

describe('starting with an empty database', () => {
  it('loads the students of the size asked for, and the registrar', async () => {
    await start();
    expect(await count('students')).toBe(datasetSizes.XS);
    expect(await count('accounts')).toBe(datasetSizes.XS + 1);
    const generator = new StudentGenerator();
    const entries = Array.from({ length: datasetSizes.XS }, (_, i) => generator.transcript(i + 1).length);
    expect(await count('transcript_entries')).toBe(entries.reduce((sum, each) => sum + each, 0));
  });

  it('loads nothing in production unless told to', async () => {
    const production = {
      NODE_ENV: 'production',
      IDENTITY_SECRET: 'a secret of thirty-two characters or more',
    };
    await start(production);
    expect(await count('accounts')).toBe(0);
    await start({ ...production, SEED: 'true' });
    expect(await count('students')).toBe(datasetSizes.XS);
  });

  it('loads once when several instances start together', async () => {
    await Promise.all([start(), start(), start()]);
    expect(await count('students')).toBe(datasetSizes.XS);
  });

  it('leaves students alone that are there already', async () => {
    await start();
    await client.query(`DELETE FROM accounts WHERE username = 'student7'`);
    await start();
    expect(await count('students')).toBe(datasetSizes.XS - 1);
  });
});

describe('loading', () => {
  it('gives the same rows every time', async () => {
    await start();
    const first = await checksum();
    await client.query(`UPDATE students SET name = 'Somebody Else'`);
    await loadStudents(database.url, 'XS');
    expect(await checksum()).toBe(first);
  });

  it('leaves the keys as the migration made them', async () => {
    await start({ SEED: 'false' });
    const before = await constraints();
    for (const { name } of keys) expect(before).toContain(name);
    await loadStudents(database.url, 'XS');
    expect(await constraints()).toBe(before);
  });

  it('removes plans of students who are no more', async () => {
    await start();
    await client.query(`INSERT INTO plans SELECT id, 1, '[]' FROM students`);
    await loadStudents(database.url, 'XS');
    expect(await count('plans')).toBe(0);
  });

  it.each(['accounts', 'students', 'transcript_entries'])(
    'that was interrupted at %s is begun anew by the next start',
    async (table) => {
      await start();
      const whole = await checksum();
      const stopping = {
        *watch(current: string, numbers: Iterable<number>) {
          for (const n of numbers) {
            if (current === table && n === 100) throw new Error('interrupted');
            yield n;
          }
        },
        step: () => undefined,
      };
      await expect(loadStudents(database.url, 'XS', stopping)).rejects.toThrow('interrupted');
      expect(await isLoaded(database.url)).toBe(false);
      await start();
      expect(await isLoaded(database.url)).toBe(true);
      expect(await checksum()).toBe(whole);
    },
  );

  it('that was interrupted before its last key is begun anew too', async () => {
    await start();
    await client.query('ALTER TABLE transcript_entries DROP CONSTRAINT transcript_entries_student');
    expect(await isLoaded(database.url)).toBe(false);
    await start();
    expect(await isLoaded(database.url)).toBe(true);
  });
});

describe('the command', () => {
  let written: string;
  let around: Surroundings;
  beforeEach(() => {
    written = '';
    around = {
      config: () => config(environment({ DATASET_SIZE: 'S' })),
      screen: { write: (text) => (written += text) },
      ask: undefined,
    };
  });
  const production = () =>
    config(
      environment({ NODE_ENV: 'production', IDENTITY_SECRET: 'a secret of thirty-two characters or more' }),
    );

  it('loads the size asked for and tells how it goes', async () => {
    expect(await runLoadCommand(['--size', 'XS', '--yes'], around)).toMatch(/^200 students loaded in /);
    expect(await count('students')).toBe(datasetSizes.XS);
    expect(written).toContain('200 of 200 students');
  });

  it('takes flags in the form that task runners hand them on in', async () => {
    expect(await runLoadCommand(['--size=XS', '--yes=true'], around)).toMatch(/^200 students/);
  });

  it.each([
    ['no size', ['--yes']],
    ['a size there is not', ['--size', 'XXL', '--yes']],
    ['a size of the prototype', ['--size', 'toString', '--yes']],
    ['an unknown option', ['--size', 'XS', '--sise', 'S']],
    ['no --yes and nobody to ask', ['--size', 'XS']],
  ])('refuses %s and changes nothing', async (_, args) => {
    await start();
    const before = await checksum();
    await expect(runLoadCommand(args, around)).rejects.toBeInstanceOf(Refusal);
    expect(await checksum()).toBe(before);
  });

  it('asks where there is somebody, and takes only yes for an answer', async () => {
    const questions: string[] = [];
    const asking = (answer: string): Surroundings => ({
      ...around,
      ask: (question) => {
        questions.push(question);
        return Promise.resolve(answer);
      },
    });
    await expect(runLoadCommand(['--size', 'XS'], asking('y'))).rejects.toThrow('Nothing was changed.');
    expect(await runLoadCommand(['--size', 'XS'], asking('Yes'))).toMatch(/loaded/);
    expect(questions[0]).toContain('by 200 generated ones');
  });

  it('spares production unless forced', async () => {
    const there = { ...around, config: production };
    await expect(runLoadCommand(['--size', 'XS', '--yes'], there)).rejects.toThrow('--force');
    expect(await runLoadCommand(['--size', 'XS', '--yes', '--force'], there)).toMatch(/loaded/);
  });

  it('explains itself', async () => {
    expect(await runLoadCommand(['--help'], around)).toBe(usage);
    expect(usage).toContain('L (1,000,000)');
  });
});
