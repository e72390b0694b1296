/** The built pages and the double behind one origin, with the headers that the real server sends. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

import { handle } from './handler';
import { createWorld, type World } from './state';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
};
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export interface MockServer {
  url: string;
  world: World;
  close: () => Promise<void>;
}

/** Serves a world on a port of the system's choosing. `dist` is the folder of the built pages. */
export async function startMockServer(dist: string, ...world: Parameters<typeof createWorld>): Promise<MockServer> {
  const state = createWorld(...world);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
    if (path.startsWith('/api/')) {
      handle(state, request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
      return;
    }
    const asked = join(dist, normalize(path.replace(/^\/ui\//, '')));
    const file = extname(asked) && existsSync(asked) ? asked : join(dist, 'index.html');
    response.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': POLICY });
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world: state,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
