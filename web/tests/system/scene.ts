/** What the tests of a file share: one system, one browser, and people who enter in windows of their own. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Cookie, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';

import { expectAccessible, keep, launch, openWindow, settled, type Look, type Visitor } from '../support/browser';

import { startStage, type Person, type Stage } from './stage';

const OUTPUT = fileURLToPath(new URL('../../test-results', import.meta.url));
const HOME = '/';

export interface Scene {
  readonly stage: Stage;
  /** A page in a new window in which somebody is logged in; the first time by the pages, then with the cookies of that time. */
  enter: (who: Person | 'admin', path?: string, look?: Look) => Promise<Page>;
  /** A new window in which nobody is logged in. */
  window: (look?: Look) => Promise<Page>;
  /** Goes to an address of the UI and waits until it shows what it fetched. */
  open: (page: Page, path: string) => Promise<void>;
  /** Axe finds nothing, and a picture is kept. */
  inspect: (page: Page, name: string) => Promise<void>;
  /** A refusal that this test provokes: browsers log the status of their own accord. */
  expectRefusal: (status: number) => void;
}

async function logIn(page: Page, stage: Stage, who: Person | 'admin'): Promise<void> {
  await page.goto(`${stage.url}/ui/login`);
  if (who === 'admin') {
    await page.getByLabel('User name').fill(stage.admin_username);
    await page.getByLabel('Password').fill(stage.admin_password);
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
  } else {
    await page.getByRole('link', { name: 'Log in with Single sign-on' }).click();
    await page.locator('[name=login]').fill(who);
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.locator('[type=submit]').click(); // the provider asks whether we may know who it is
  }
  await page.waitForURL((url) => url.origin === stage.url && /^\/ui\/?$/.test(url.pathname));
  await settled(page);
}

/** Sets the scene for all tests of a file. */
export function setScene(): Scene {
  let stage: Stage;
  let browser: Browser;
  let visitors: Visitor[] = [];
  let refusals: string[] = [];
  const cookies = new Map<string, Cookie[]>();
  beforeAll(async () => {
    mkdirSync(OUTPUT, { recursive: true });
    [stage, browser] = await Promise.all([startStage(), launch()]);
  });
  afterAll(async () => {
    await browser.close();
    await stage.close();
  });
  afterEach(async () => {
    const complaints = visitors.flatMap((visitor) => visitor.complaints).filter((complaint) => !refusals.some((refusal) => complaint.includes(refusal)));
    await Promise.all(visitors.map((visitor) => visitor.close()));
    visitors = [];
    refusals = [];
    expect(complaints).toEqual([]);
  });
  const window = async (look?: Look) => {
    const visitor = await openWindow(browser, stage.url, look);
    visitors.push(visitor);
    return visitor.page;
  };
  const open = async (page: Page, path: string) => {
    await page.goto(`${stage.url}/ui${path}`);
    await settled(page);
  };
  return {
    get stage() {
      return stage;
    },
    window,
    open,
    enter: async (who, path = HOME, look?) => {
      const page = await window(look);
      const known = cookies.get(who);
      if (known) {
        await page.context().addCookies(known);
      } else {
        await logIn(page, stage, who);
        cookies.set(who, await page.context().cookies(stage.url));
      }
      if (known || path !== HOME) await open(page, path);
      return page;
    },
    inspect: async (page, name) => {
      await keep(page, join(OUTPUT, `${name}.png`));
      await expectAccessible(page);
    },
    expectRefusal: (status) => void refusals.push(`responded with a status of ${status}`),
  };
}
