// The live page in a real browser, from the form to the report: what people see, click and download.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findChromium } from '@flowchart/infra';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { startBuiltUi, type BuiltUi } from '../testing/built-ui.js';

const program = await findChromium((line) => process.stderr.write(`${line}\n`)).catch(
  (error: Error) => error,
);

/** Where no browser can be had at all the suite goes on, but nobody may believe that the page was looked at. */
const describeInBrowser = program instanceof Error ? describe.skip : describe;
const untested = program instanceof Error ? ` NOT TESTED HERE: ${program.message}` : '';
if (program instanceof Error)
  process.stderr.write(`\nThe live page is not tested in a browser: ${program.message}\n\n`);

const views: readonly (readonly [string, BrowserContextOptions])[] = [
  ['on a desk, light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['on a phone, dark', { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true }],
];

describeInBrowser(`the live page in a browser${untested}`, () => {
  let browser: Browser;
  let ui: BuiltUi;
  let scratch: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    if (program instanceof Error) throw program;
    scratch = mkdtempSync(join(tmpdir(), 'load-runner-page-'));
    browser = await chromium.launch({
      executablePath: program.command,
      env: { ...process.env, ...program.env },
      // It opens nothing but our own page, and as root Chromium has no sandbox.
      args: ['--no-sandbox'],
    });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    rmSync(scratch, { recursive: true, force: true });
  });
  // A page of its own for each: after a run it shows that run.
  beforeEach(async () => {
    complaints.length = 0;
    ui = await startBuiltUi();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await ui.close();
  });

  const open = async (view: BrowserContextOptions): Promise<Page> => {
    const page = await (await browser.newContext(view)).newPage();
    page.setDefaultTimeout(10_000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(ui.url)) complaints.push(`asked elsewhere: ${request.url()}`);
    });
    await page.goto(ui.url);
    return page;
  };
  const tile = (page: Page, name: string) =>
    page.locator('#tiles .tile', { has: page.locator(`dt:text-is("${name}")`) }).locator('dd');
  const state = (page: Page) => page.locator('#state');
  const says = async (page: Page, text: string) => {
    await page.locator('#state', { hasText: text }).waitFor();
  };
  const shows = async (page: Page, name: string, value: RegExp) => {
    await tile(page, name).filter({ hasText: value }).waitFor();
  };
  const overflow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  const focused = (page: Page) => page.evaluate('document.activeElement?.id');
  const look = (page: Page, name: string) =>
    page.screenshot({ path: join(scratch, `${name}.png`), fullPage: true });

  it.each(views)(
    '%s: from the form to the report',
    async (name, view) => {
      const page = await open(view);
      await page.getByLabel('Profile').selectOption('smoke');
      await page.getByLabel('Number of users').first().fill('5');
      await page.getByLabel('Run time').first().fill('60s');
      await page.getByRole('button', { name: 'Start' }).click();

      await says(page, 'Running');
      await shows(page, 'Users', /^5$/);
      const first = await tile(page, 'All requests').textContent();
      await tile(page, 'All requests')
        .filter({ hasNotText: first ?? '' })
        .waitFor();
      expect(await page.locator('[data-chart="throughput"] canvas').count()).toBe(1);
      expect(await page.locator('#lamps li').count()).toBe(3);
      await look(page, `${name}-running`);
      expect(await overflow(page)).toBe(0);

      // Edited while it runs, as with Locust.
      await page.locator('#edit-user_count').fill('12');
      await page.locator('#edit-spawn_rate').fill('50');
      await page.getByRole('button', { name: 'Apply' }).click();
      await shows(page, 'Users', /^12$/);

      // A reload in mid-run shows everything so far.
      await page.reload();
      await shows(page, 'Users', /^12$/);

      await page.getByRole('button', { name: 'Stop' }).click();
      await says(page, 'Finished');
      await page.locator('#finished', { hasText: 'Stopped early' }).waitFor();
      await look(page, `${name}-finished`);
      expect(await overflow(page)).toBe(0);

      const downloading = page.waitForEvent('download');
      await page.locator('#runs details[open] a', { hasText: 'locust_stats.csv' }).click();
      const csv = await (await downloading).path();
      expect(readFileSync(csv, 'utf8')).toMatch(/^Type,Name,Request Count/);

      await page.getByRole('link', { name: 'Open the report' }).click();
      await page.getByRole('heading', { name: 'Load test smoke' }).waitFor();
      expect(complaints).toEqual([]);
      expect(statSync(join(scratch, `${name}-finished.png`)).size).toBeGreaterThan(10_000);
    },
    40_000,
  );

  it('is worked with the keyboard alone', async () => {
    const page = await open(views[0]?.[1] ?? {});
    await page.getByLabel('Profile').selectOption('smoke');
    await page.getByLabel('Number of users').first().focus();
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    await says(page, 'Running');
    expect(await focused(page)).toBe('stop');

    await page.locator('#endpoints tbody tr').nth(4).waitFor();
    const sort = page.getByRole('button', { name: 'Requests', exact: true });
    await sort.focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('th[data-key="requests"]').getAttribute('aria-sort')).toBe('descending');
    const counts = (await page.locator('#endpoints tbody td:nth-child(2)').allTextContents()).map(Number);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');

    await page.locator('#stop').focus();
    await page.keyboard.press('Enter');
    await says(page, 'Finished');
    await page.waitForFunction(`document.activeElement?.id === 'open-report'`);
    expect(await page.locator('#announcement').textContent()).toMatch(/^Finished: interrupted/);
    await page.getByRole('button', { name: 'New test' }).press('Enter');
    expect(await focused(page)).toBe('profile');
    expect(complaints).toEqual([]);
  }, 30_000);

  it('says what is wrong beside the field, and that the target does not answer', async () => {
    const page = await open(views[1]?.[1] ?? {});
    await page.getByLabel('Profile').selectOption('smoke');
    await page.getByLabel('Host').fill('http://example.com');
    await page.getByRole('button', { name: 'Start' }).click();
    const host = page.getByLabel('Host');
    await page.locator('#host-complaint', { hasText: 'is not this machine' }).waitFor();
    expect(await host.getAttribute('aria-describedby')).toBe('host-complaint');
    expect(await focused(page)).toBe('host');

    // Nobody listens there.
    await host.fill('http://127.0.0.1:1');
    await page.getByRole('button', { name: 'Start' }).click();
    await says(page, 'Waiting for the target');
    await page.locator('#notice', { hasText: 'http://127.0.0.1:1 is not ready yet' }).waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await state(page).filter({ hasText: 'Finished' }).waitFor();
    expect(await page.locator('#setup').isVisible()).toBe(true);
  }, 30_000);
});
