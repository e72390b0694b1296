/** A browser on a mock server: what every test of the pages alone begins with. */
import { fileURLToPath } from 'node:url';

import { startMockServer, type MockServer } from '../mock-api/server';
import type { createWorld } from '../mock-api/state';
import { launch, openWindow, settled, type Look, type Visitor } from '../support/browser';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

export interface Visit extends Visitor {
  server: MockServer;
}

/** Opens a browser on a new mock server. */
export async function visit(world: Parameters<typeof createWorld>, look: Look = {}): Promise<Visit> {
  const server = await startMockServer(DIST, ...world);
  const browser = await launch();
  const visitor = await openWindow(browser, server.url, look);
  return {
    ...visitor,
    server,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** Goes to a page and waits until it shows what it fetched. */
export async function open({ page, server }: Visit, path: string): Promise<void> {
  await page.goto(`${server.url}/ui${path}`);
  await settled(page);
}
