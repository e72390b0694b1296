/** Ten thousand keys and hundreds of models: the list scrolls and filters with few rows in the document and few questions to the server. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';

import { expectAccessible, settled, tooWide } from '../support/browser';

import { setScene } from './scene';

const KEYS = 10_000;
const LIST = '/admin/keys?search=application';
/** A screen and a half: more would make each turn of the wheel slower. */
const MOST_ROWS = 60;

const scene = setScene();
const root = fileURLToPath(new URL('../../..', import.meta.url));

beforeAll(() => {
  execFileSync(join(root, '.venv/bin/python'), [join(root, 'tests/support/many_keys.py'), scene.stage.dataDir, String(KEYS)]);
});

const rows = (page: Page) => page.locator('tbody tr[data-index]');
const place = (page: Page): Promise<number> => page.evaluate(() => document.querySelector('main')?.scrollTop ?? 0);

/** What the list asks the server while something is done. */
async function asked(page: Page, deed: () => Promise<void>): Promise<string[]> {
  const pages: string[] = [];
  const note = (request: { url: () => string }) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/api/admin/keys') pages.push(searchParams.get('page') ?? '');
  };
  page.on('request', note);
  await deed();
  page.off('request', note);
  return pages;
}

async function scrollToEnd(page: Page): Promise<void> {
  const last = page.locator(`tr[aria-rowindex="${KEYS + 1}"] a`);
  // Rows are measured as they come into sight, so that the end moves a little while it is reached.
  while ((await last.count()) === 0) {
    await page.evaluate(() => document.querySelector('main')?.scrollBy(0, 1e9));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await settled(page);
  }
}

test.each([1280, 390])('ten thousand keys are scrolled to the end and found again, %i pixels wide', async (width) => {
  const page = await scene.enter('admin', LIST, { width });
  await page.getByText('10,000 entries').waitFor();
  expect(await page.getByRole('grid').getAttribute('aria-rowcount')).toBe(String(KEYS + 1));
  expect(await rows(page).count()).toBeLessThan(MOST_ROWS);

  const flung = await asked(page, () => scrollToEnd(page));
  expect(flung.length, flung.join()).toBeLessThan(8);
  expect(await rows(page).count()).toBeLessThan(MOST_ROWS);
  await page.getByRole('link', { name: 'application 10000', exact: true }).waitFor();
  expect(await tooWide(page)).toEqual([]);
  await expectAccessible(page);

  const end = await place(page);
  await page.getByRole('link', { name: 'application 10000', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'application 10000' }).waitFor();
  expect(await place(page)).toBe(0);
  await page.goBack();
  await page.getByRole('link', { name: /^application 9+\d\d\d$/ }).first().waitFor();
  // Rows that were never seen are as high as was guessed.
  expect(Math.abs((await place(page)) - end) / end).toBeLessThan(0.01);

  await page.getByRole('textbox', { name: /^Search/ }).fill('application 7123');
  await page.getByText('1 entry').waitFor();
  await page.getByRole('link', { name: 'application 7123', exact: true }).waitFor();
  expect(await rows(page).count()).toBe(1);
});

test('turning the wheel asks for each page once, as it comes near', async () => {
  const page = await scene.enter('admin', LIST);
  const read = await asked(page, async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      await page.evaluate(() => document.querySelector('main')?.scrollBy(0, 300));
      await settled(page);
    }
  });
  const places = await rows(page).evaluateAll((found) => found.map((row) => Number(row.getAttribute('aria-rowindex'))));
  expect(Math.min(...places)).toBeGreaterThan(100);
  expect(read).toEqual([...new Set(read)]);
  expect(read.length).toBeLessThanOrEqual(Math.ceil(Math.max(...places) / 50) + 1);
});

test('the keyboard walks on through rows that were not there, and does not lose its row to the wheel', async () => {
  const page = await scene.enter('admin', LIST);
  await page.getByRole('link', { name: 'application 1', exact: true }).focus();
  const shown = await rows(page).count();
  const focused = () => page.evaluate(() => Number(document.activeElement?.closest('tr')?.getAttribute('aria-rowindex')));
  let row = await focused();
  while (row <= shown + 1) {
    await page.keyboard.press('Tab');
    const next = await focused();
    expect(next - row).toBeOneOf([0, 1]);
    row = next;
  }
  await page.evaluate(() => document.querySelector('main')?.scrollBy(0, 100_000));
  await settled(page);
  expect(await focused()).toBe(row);
  expect(await rows(page).count()).toBeLessThan(MOST_ROWS);
});

test('the box in the head chooses no more keys than can be changed at once, and says so', async () => {
  const page = await scene.enter('admin', LIST);
  await page.getByRole('checkbox', { name: 'Select the first 500 rows' }).click();
  await page.getByText('500 selected').waitFor();
  await page.getByRole('button', { name: 'Block', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
  await page.getByText('500 of 500 done').waitFor();
  await scene.open(page, `${LIST}&state=blocked`);
  await page.getByText('500 entries').waitFor();
});

test.each(['-last_used_at', '-requests_today', '-spent', 'alias'])('ten thousand keys are sorted by %s', async (sort) => {
  const page = await scene.enter('admin', `${LIST}&sort=${sort}`);
  await page.getByText('10,000 entries').waitFor();
  expect(await page.locator('th[aria-sort="descending"], th[aria-sort="ascending"]').count()).toBe(1);
});

test('the last of hundreds of models is found in the playground while one types, and stays chosen', async () => {
  const page = await scene.enter('admin', '/playground');
  await page.getByRole('button', { name: 'Models: model 001' }).click();
  await page.getByRole('textbox', { name: 'Search' }).fill('model 250');
  await page.getByRole('menuitem', { name: 'model 250' }).click();
  await page.getByRole('button', { name: 'Models: model 001, model 250' }).waitFor();
  expect(new URL(page.url()).searchParams.getAll('model')).toEqual(['model 001', 'model 250']);
  await page.reload();
  await settled(page);
  await page.getByRole('button', { name: 'Models: model 001, model 250' }).waitFor();
  await expectAccessible(page);
});
