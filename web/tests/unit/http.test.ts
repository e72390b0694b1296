import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { ApiError, call, queryString, send, setCsrfToken } from '@/api/http';

let server: Server;
let seen: IncomingMessage;
const realFetch = globalThis.fetch;

beforeAll(async () => {
  server = createServer((request, response) => {
    seen = request;
    if (request.url === '/api/refused') {
      response.writeHead(409, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'There is already a key named demo.', code: 'alias_taken', param: 'alias' } }));
    } else if (request.url === '/api/broken') {
      response.writeHead(502).end('<html>bad gateway</html>');
    } else {
      response.writeHead(204).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Pages ask with paths; outside a browser they need an origin before them.
  vi.stubGlobal('fetch', (path: string, init: RequestInit) => realFetch(address + path, init));
});
afterAll(() => {
  vi.unstubAllGlobals();
  server.close();
});

test('an unsafe request carries the CSRF token, a safe one does not', async () => {
  setCsrfToken('token-of-the-session');
  await call('post', '/keys', { body: {} });
  expect(seen.headers['x-csrf-token']).toBe('token-of-the-session');
  await call('get', '/keys');
  expect(seen.headers['x-csrf-token']).toBeUndefined();
});

test('a refusal keeps the words, code and field of the server', async () => {
  await expect(send('get', '/refused')).rejects.toMatchObject({ message: 'There is already a key named demo.', status: 409, code: 'alias_taken', param: 'alias' });
});

test('an answer that is not ours still becomes an error with its status', async () => {
  const error: unknown = await send('get', '/broken').catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toHaveProperty('status', 502);
});

test('empty filters are left out of the address and lists repeat their name', () => {
  expect(queryString({ search: '', page: 2, state: ['active', 'blocked'], team: null })).toBe('?page=2&state=active&state=blocked');
});
