/** The layer rules are only worth something while a violation is really reported: so each is planted here once. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const importing = (lib: string) =>
  `import * as planted from '@flowchart/${lib}';\nexport const seen = Object.keys(planted);\n`;

/** File that gets the violation, what it is made to say, and what the report must name. */
const planted = [
  ['libs/cache/src/index.ts', importing('database'), 'layer:state'],
  ['libs/platform/src/index.ts', importing('events'), 'Circular dependency'],
  ['libs/contracts/src/index.ts', importing('platform'), 'Circular dependency'],
  ['apps/load-runner/src/main.ts', importing('platform'), 'layer:tool'],
  ['apps/edge-gateway/src/main.ts', importing('testing'), 'layer:app'],
  [
    'apps/course-service/src/main.ts',
    'export const home = process.env.HOME;\n',
    'Only config.ts reads the environment',
  ],
] as const;

const legal = ['apps/course-service/src/main.ts', importing('database')] as const;

/** Lints texts as if they stood in the given files; one process, as loading the project graph takes seconds. */
const lintAll = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint();
  const texts = JSON.parse(process.argv[1]);
  const said = [];
  for (const [filePath, text] of texts) {
    const [result] = await eslint.lintText(text, { filePath });
    said.push(result.messages.map(({ message }) => message).join(' | '));
  }
  process.stdout.write(JSON.stringify(said));`;

describe('layer rules', () => {
  let reports: string[] = [];

  beforeAll(async () => {
    const texts = JSON.stringify([...planted, legal].map(([file, text]) => [file, text]));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '-e', lintAll, texts],
      {
        cwd: join(import.meta.dirname, '../..'),
      },
    );
    reports = JSON.parse(stdout) as string[];
  }, 60_000);

  it.each(planted.map((violation, index) => ({ file: violation[0], says: violation[2], index })))(
    'reports a violation planted in $file: $says',
    ({ index, says }) => {
      expect(reports[index]).toContain(says);
    },
  );

  it('lets a service use the libs below it', () => {
    expect(reports.at(-1)).toBe('');
  });
});
