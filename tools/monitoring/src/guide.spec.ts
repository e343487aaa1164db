/** The troubleshooting guide as a text: what alerts and its own links point to is there, in both flavours. */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { workspaceRoot } from '@flowchart/infra';
import { parse } from 'yaml';
import { monitoringFiles } from './configuration.js';

const run = promisify(execFile);
const GUIDE = 'docs/troubleshooting.md';

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-');

const anchorsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/^#{1,4} (.+)$/gm)].map(([, heading]) => anchorOf(heading ?? '')));

interface Fence {
  readonly section: string;
  readonly flavour: string;
  readonly text: string;
}

const fencesIn = (text: string): Fence[] =>
  text.split(/^#+ (?=[A-Z0-9])/m).flatMap((section) =>
    [...section.matchAll(/^```sh (\w+)\n(.*?)^```$/gms)].map(([, flavour = '', commands = '']) => ({
      section: section.split('\n', 1)[0] ?? '',
      flavour,
      text: commands,
    })),
  );

async function runbooks(): Promise<string[]> {
  const folder = join(monitoringFiles, 'prometheus', 'alerts');
  const texts = await Promise.all(
    (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
  );
  return texts
    .flatMap(
      (text) => (parse(text) as { groups: { rules: { annotations: { runbook_url: string } }[] }[] }).groups,
    )
    .flatMap(({ rules }) => rules.map(({ annotations }) => annotations.runbook_url));
}

describe(GUIDE, () => {
  let guide: string;

  beforeAll(async () => {
    guide = await readFile(join(workspaceRoot, GUIDE), 'utf8');
  });

  it('has a section for every alert', async () => {
    const wanted = await runbooks();
    expect(wanted.length).toBeGreaterThan(15);
    const known = new Set([...anchorsIn(guide)].map((anchor) => `${GUIDE}#${anchor}`));
    expect(wanted.filter((url) => !known.has(url))).toEqual([]);
  });

  it('links to what is there', async () => {
    const links = [...guide.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)];
    expect(links.length).toBeGreaterThan(30);
    for (const [link, file = '', anchor] of links) {
      const text = file ? await readFile(join(workspaceRoot, 'docs', file), 'utf8') : guide;
      if (anchor) expect([link, anchorsIn(text).has(anchor)]).toEqual([link, true]);
    }
  });

  it('says what to do with Docker wherever it says it without', () => {
    const fences = fencesIn(guide);
    const count = (flavour: string) =>
      fences.filter((fence) => fence.flavour === flavour).map(({ section }) => section);
    expect(count('embedded').length).toBeGreaterThan(8);
    expect(count('docker')).toEqual(count('embedded'));
    expect(new Set(fences.map(({ flavour }) => flavour))).toEqual(
      new Set(['both', 'embedded', 'docker', 'cluster']),
    );
  });

  it('has no command with a mistake in its syntax', async () => {
    for (const { text } of fencesIn(guide)) await run('bash', ['-n', '-c', text]);
  });
});
