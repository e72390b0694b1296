/** Every page in every look: axe finds nothing, nothing is wider than the window, no complaint; a screenshot of each is kept. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { WorldSize } from '../mock-api/state';

import { expectAccessible, open, settled, visit, type Visit } from './browser';
import { ADMIN_PAGES, DETAIL_PAGES, USER_PAGES } from './pages';

const OUTPUT = fileURLToPath(new URL('./output', import.meta.url));

interface Case {
  size: WorldSize;
  width: number;
  theme: 'light' | 'dark';
}

const EVERY: Case[] = (['empty', 'one', 'many'] as const).flatMap((size) =>
  [1280, 390].flatMap((width) => (['light', 'dark'] as const).map((theme) => ({ size, width, theme }))),
);
/** The looks that differ most; `SCREENSHOTS=all` takes every one. */
const CHOSEN: Case[] = [
  { size: 'many', width: 1280, theme: 'light' },
  { size: 'many', width: 390, theme: 'dark' },
  { size: 'empty', width: 1280, theme: 'dark' },
];

/** The outermost elements that stick out of the window to the right; what scrolls in a frame of its own does not count. */
const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const sticksOut = (element: Element) => element.getBoundingClientRect().right > window.innerWidth + 1;
    const isScrolled = (element: Element) => element.closest('.lm-scroll-x, .lm-code, .pf-v6-c-code-block, .pf-v6-c-scroll-inner-wrapper, .pf-v6-c-tabs') !== null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => sticksOut(element) && !isScrolled(element) && !(element.parentElement && sticksOut(element.parentElement)))
      .map((element) => `${Math.round(element.getBoundingClientRect().right)} px: ${element.outerHTML.slice(0, 120)}`);
  });

/** Takes the whole page: its own scrolling part is given the room it wants. */
async function keep(page: Page, path: string, width: number): Promise<void> {
  const height = await page.evaluate(() => {
    const main = document.querySelector('main');
    return main ? main.scrollHeight + window.innerHeight - main.clientHeight : 0;
  });
  await page.setViewportSize({ width, height: Math.min(2400, Math.max(900, height)) });
  await page.screenshot({ path });
  await page.setViewportSize({ width, height: 900 });
}

describe.each(process.env.SCREENSHOTS === 'all' ? EVERY : CHOSEN)('$size world, $width px, $theme', ({ size, width, theme }) => {
  let visited: Visit;
  const folder = join(OUTPUT, `${size}-${width}-${theme}`);

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    visited = await visit([size, 'admin'], { width, theme });
  });
  afterAll(() => visited.close());

  const pages = Object.entries({ ...USER_PAGES, ...ADMIN_PAGES }).filter(([name]) => size === 'many' || !DETAIL_PAGES.has(name));

  test.each(pages)('%s is clean', async (name, path) => {
    const { page, complaints } = visited;
    complaints.length = 0;
    await open(visited, path);
    await keep(page, join(folder, `${name}.png`), width);
    expect(await tooWide(page)).toEqual([]);
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });

  test('login is clean', async () => {
    const { page, server, complaints } = visited;
    server.world.user = null;
    complaints.length = 0;
    await page.goto(`${server.url}/ui/login`);
    await settled(page);
    await page.screenshot({ path: join(folder, 'login.png'), fullPage: true });
    await expectAccessible(page);
    expect(complaints).toEqual([]);
  });
});
