/** A browser on a mock server: what every end-to-end test begins with. */
import AxeBuilder from '@axe-core/playwright';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { expect } from 'vitest';

import { startMockServer, type MockServer } from '../mock-api/server';
import type { createWorld } from '../mock-api/state';

export const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run'];

export interface Visit {
  server: MockServer;
  page: Page;
  /** What went wrong in the browser: console errors, crashes, requests to other origins. */
  complaints: string[];
  close: () => Promise<void>;
}

export interface Look {
  width?: number;
  theme?: 'light' | 'dark';
}

/** Opens a browser of its own profile on a new mock server. */
export async function visit(world: Parameters<typeof createWorld>, { width = 1280, theme = 'light' }: Look = {}): Promise<Visit> {
  const server = await startMockServer(DIST, ...world);
  const profile = mkdtempSync(join(tmpdir(), 'litemaas-web-'));
  const browser: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: FLAGS,
    viewport: { width, height: 900 },
    colorScheme: theme,
    locale: 'en-US',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = browser.pages()[0] ?? (await browser.newPage());
  page.setDefaultTimeout(15_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith('data:') && !url.startsWith('blob:')) complaints.push(`request to ${url}`);
  });
  return {
    server,
    page,
    complaints,
    close: async () => {
      await browser.close();
      await server.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Goes to a page and waits until it shows what it fetched. */
export async function open({ page, server }: Visit, path: string): Promise<void> {
  await page.goto(`${server.url}/ui${path}`);
  await settled(page);
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
