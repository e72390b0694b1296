/** A browser for one test, and what it has to complain about. */
import AxeBuilder from '@axe-core/playwright';
import { chromium, type Browser, type Page } from 'playwright-core';
import { expect } from 'vitest';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];

export interface Look {
  width?: number;
  theme?: 'light' | 'dark';
}

export interface Visitor {
  page: Page;
  /** What went wrong on pages of the origin: console errors, crashes, requests to elsewhere. */
  complaints: string[];
  close: () => Promise<void>;
}

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });

/** Opens a window of its own profile: no cookie, nothing stored. */
export async function openWindow(browser: Browser, origin: string, { width = 1280, theme = 'light' }: Look = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: 'en-US',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const complaints: string[] = [];
  const isOurs = (address: string) => address.startsWith(`${origin}/`);
  page.on('console', (message) => {
    if (message.type() === 'error' && isOurs(page.url())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const address = request.url();
    const isLocal = address.startsWith('data:') || address.startsWith('blob:') || isOurs(address);
    if (!isLocal && isOurs(page.url()) && !request.isNavigationRequest()) complaints.push(`request to ${address}`);
  });
  return { page, complaints, close: () => context.close() };
}

/** Waits until nothing on the page is still on its way. */
export async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}

/** Fails with a readable list where axe finds something on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((node) => `  ${node.target.join(' ')}: ${node.html.slice(0, 160)}`).join('\n')}`);
  expect(found).toEqual([]);
}

/** The outermost elements that stick out of the window to the right; what scrolls in a frame of its own does not count. */
export const tooWide = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const sticksOut = (element: Element) => element.getBoundingClientRect().right > window.innerWidth + 1;
    const isScrolled = (element: Element) => element.closest('.lm-scroll-x, .lm-code, .pf-v6-c-code-block, .pf-v6-c-scroll-inner-wrapper, .pf-v6-c-tabs') !== null;
    return [...document.querySelectorAll('body *')]
      .filter((element) => sticksOut(element) && !isScrolled(element) && !(element.parentElement && sticksOut(element.parentElement)))
      .map((element) => `${Math.round(element.getBoundingClientRect().right)} px: ${element.outerHTML.slice(0, 120)}`);
  });

/** Keeps a picture of the whole page: its own scrolling part is given the room it wants. */
export async function keep(page: Page, path: string): Promise<void> {
  const width = page.viewportSize()?.width ?? 1280;
  const height = await page.evaluate(() => {
    const main = document.querySelector('main');
    return main ? main.scrollHeight + window.innerHeight - main.clientHeight : 0;
  });
  await page.setViewportSize({ width, height: Math.min(2400, Math.max(900, height)) });
  await page.screenshot({ path });
  await page.setViewportSize({ width, height: 900 });
}
