/** The snapshot page in a real browser: on a desk and on a phone, light and dark, with and without data. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findChromium } from '@flowchart/infra';
import { chromium, type Browser, type BrowserContextOptions } from 'playwright-core';
import type { Panel } from '../dashboards/dashboard.js';
import { snapshotPage } from './page.js';
import type { PanelData } from './panel-data.js';

const program = await findChromium((line) => process.stderr.write(`${line}\n`)).catch(
  (error: Error) => error,
);

/** Where no browser can be had at all the suite goes on, but nobody may believe that the page was looked at. */
const describeInBrowser = program instanceof Error ? describe.skip : describe;
const untested = program instanceof Error ? ` NOT TESTED HERE: ${program.message}` : '';
if (program instanceof Error)
  process.stderr.write(`\nThe snapshot page is not tested in a browser: ${program.message}\n\n`);

const views: readonly (readonly [string, BrowserContextOptions])[] = [
  ['on a desk, light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['on a phone, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true }],
];

const times = [100, 105, 110, 115];
const lines = ['edge-gateway', 'course-service'].map((label, index) => ({
  label,
  values: [1, 2, null, 4 + index],
}));
const panel = (title: string, more: Partial<Panel> = {}): Panel => ({
  ...{ title, description: 'What is shown.', unit: 'seconds', queries: [] },
  ...more,
});
const data = (of: Panel, shown: Partial<PanelData>): PanelData => ({
  ...{ panel: of, lines: [], linesByQuery: [], failures: [] },
  ...shown,
});

const page = snapshotPage(
  {
    options: { prometheusUrl: 'http://127.0.0.1:9090', fromSeconds: 100, toSeconds: 115 },
    sections: ['First', 'Second'].map((title) => ({
      ...{ id: title.toLowerCase(), title, description: `${title} dashboard.`, times },
      marks: [{ fromSeconds: 100, toSeconds: 110, text: 'stage 1' }],
      rows: [
        {
          title: 'Row',
          panels: [
            data(panel('Lines', { alerts: ['Late'], runbook: 'late' }), { lines }),
            data(panel('Stack', { kind: 'stacked', unit: 'bytes' }), { lines }),
            data(panel('Figure', { kind: 'figure', unit: 'share' }), { lines }),
            data(panel('Nothing'), {}),
            data(panel('Elsewhere', { elsewhere: 'There is no cluster.' }), {}),
            data(panel('Wrong'), { failures: ['parse error: unexpected end of input'] }),
          ],
        },
      ],
    })),
  },
  'docs/troubleshooting.md',
);

describeInBrowser(`the snapshot page in a browser${untested}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    if (program instanceof Error) throw program;
    browser = await chromium.launch({
      executablePath: program.command,
      env: { ...process.env, ...program.env },
      // It opens nothing but our own page, and as root Chromium has no sandbox.
      args: ['--no-sandbox'],
    });
  }, 60_000);
  afterAll(() => browser.close());

  it.each(views)(
    'draws what there is and says what there is not, %s',
    async (_, view) => {
      const context = await browser.newContext(view);
      const opened = await context.newPage();
      const complaints: string[] = [];
      const asked: string[] = [];
      opened.on('console', (message) => complaints.push(message.text()));
      opened.on('pageerror', (error) => complaints.push(error.message));
      opened.on('request', (request) => asked.push(request.url()));
      await opened.setContent(page);

      const textOf = (title: string) =>
        opened
          .locator('.panel', { has: opened.getByRole('heading', { name: title, exact: true }) })
          .innerText();
      expect(await opened.locator('.panel canvas').count()).toBe(2);
      // The latest value of each line, until somebody points at a moment.
      expect(await textOf('Lines')).toMatch(/edge-gateway:?\s*4 s\s*course-service:?\s*5 s/);
      expect(await textOf('Stack')).toMatch(/course-service:?\s*5 B/);
      expect(await textOf('Figure')).toContain('500 %');
      expect(await textOf('Nothing')).toMatch(/no data$/);
      expect(await textOf('Elsewhere')).toMatch(/no data: There is no cluster\.$/);
      expect(await textOf('Wrong')).toMatch(/parse error: unexpected end of input$/);
      expect(await opened.getByRole('link', { name: 'What to do' }).getAttribute('href')).toBe(
        'docs/troubleshooting.md#late',
      );

      await opened.getByRole('link', { name: 'Second' }).click();
      expect(await opened.getByRole('heading', { level: 2 }).innerText()).toBe('Second');
      expect(await opened.locator('.panel canvas').count()).toBe(2);
      const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      expect(await opened.evaluate(overflow)).toBe(0);
      expect([complaints, asked]).toEqual([[], []]);
      await context.close();
    },
    30_000,
  );
});
