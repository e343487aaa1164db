/** The command line of loading a data set. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { connect } from '@flowchart/database';
import { type DatasetSize, datasetSizes } from '@flowchart/dataset';
import type { StudentServiceConfig } from '../config.js';
import { databaseOptions } from '../database.js';
import { loadStudents } from './load-students.js';
import { Progress, type Screen } from './progress.js';

const sizes = Object.entries(datasetSizes)
  .map(([size, students]) => `${size} (${students.toLocaleString('en')})`)
  .join(', ');

export const usage = `Replaces all students, their accounts, transcripts and plans by generated ones.

  npx nx run student-service:load-dataset --size=L --yes

  --size   ${sizes}
  --yes    do not ask
  --force  even in production

The database is that of the service: STUDENT_DATABASE_URL, DATABASE_URL, or the embedded one. Nobody can be served
while it runs. When it is interrupted there are no students until it is run again, or, outside production, until the
service starts again and loads its default size.
`;

/** What the user can put right: told in a line, without a stack. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

interface Options {
  readonly size: DatasetSize;
  readonly yes: boolean;
  readonly force: boolean;
}

/** Where the command runs. */
export interface Surroundings {
  readonly config: () => StudentServiceConfig;
  readonly screen: Screen;
  /** Asks a person; undefined where there is none. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Resolves with what there is to say in the end. */
export async function runLoadCommand(args: readonly string[], around: Surroundings): Promise<string> {
  const options = readOptions(args);
  if (!options) return usage;
  const config = around.config();
  if (config.production && !options.force) {
    throw new Refusal('NODE_ENV is production: real students would be lost. Add --force if that is meant.');
  }
  if (!options.yes) await confirm(options, config, around);
  return load(options, config, around.screen);
}

/** Null: help is wanted. Task runners hand flags on as `--yes=true`. */
function readOptions(args: readonly string[]): Options | null {
  const { values } = parse(args.map((arg) => arg.replace(/^(--(?:yes|force|help))=true$/, '$1')));
  if (values.help) return null;
  const { size, yes, force } = values;
  if (!isSize(size)) throw new Refusal(`--size must be one of ${Object.keys(datasetSizes).join(', ')}.`);
  return { size, yes, force };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        size: { type: 'string' },
        yes: { type: 'boolean', default: false },
        force: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw new Refusal(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

const isSize = (text: string | undefined): text is DatasetSize =>
  text !== undefined && Object.hasOwn(datasetSizes, text);

async function confirm(
  { size }: Options,
  config: StudentServiceConfig,
  { ask }: Surroundings,
): Promise<void> {
  if (!ask) throw new Refusal('This replaces all students. Add --yes if that is meant.');
  const { host, pathname } = new URL(config.databaseUrl);
  const answer = await ask(
    `Replace all students of ${host}${pathname} by ${datasetSizes[size]} generated ones? [yes/no] `,
  );
  if (answer.trim().toLowerCase() !== 'yes') throw new Refusal('Nothing was changed.');
}

/** Under the lock of the migrations, so that no service starts meanwhile and finds half of the students. */
async function load({ size }: Options, config: StudentServiceConfig, screen: Screen): Promise<string> {
  const startMs = performance.now();
  const progress = new Progress(datasetSizes[size], screen);
  const dataSource = await connect({
    ...databaseOptions(config),
    seed: () => loadStudents(config.databaseUrl, size, progress),
  });
  await dataSource.destroy();
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  return `${datasetSizes[size].toLocaleString('en')} students loaded in ${seconds} s\n`;
}

/** Asks on the terminal, where there is one. */
export function terminalQuestion(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Surroundings['ask'] {
  if (!input.isTTY) return undefined;
  return async (question) => {
    const terminal = createInterface({ input, output });
    const answer = await terminal.question(question);
    terminal.close();
    return answer;
  };
}
