/** Every page in every look: axe finds nothing, nothing is wider than the window, no complaint; a screenshot of each is kept. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { WorldSize } from '../mock-api/state';

import { expectAccessible, keep, settled, tooWide } from '../support/browser';

import { open, visit, type Visit } from './browser';
import { ADMIN_PAGES, DETAIL_PAGES, USER_PAGES } from './pages';

const OUTPUT = fileURLToPath(new URL('../../test-results/pages', import.meta.url));

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
    await keep(page, join(folder, `${name}.png`));
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
