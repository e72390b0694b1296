/** The double as an HTTP handler for `/api`: session, CSRF check, JSON errors, and a playground that streams. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { answer, Refusal } from './routes';
import type { World } from './state';

const SAFE = new Set(['GET', 'HEAD']);
const PUBLIC = new Set(['/session', '/auth/password']);
const WORDS = 'Hello! Here is some code:\n\n```python\nprint("hello")\n```\n\nThat is all.'.split(/(?<= )/);

async function read(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return request.headers['content-type'] === 'application/json' && text ? JSON.parse(text) : text;
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const word of WORDS) response.write(`data: ${JSON.stringify({ choices: [{ delta: { content: word } }] })}\n\n`);
  const figures = { input_tokens: 12, output_tokens: 21, cost: '0.0000027', first_token_ms: 182, duration_ms: 640 };
  response.end(`event: litemaas\ndata: ${JSON.stringify(figures)}\n\ndata: [DONE]\n\n`);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** Answers one request to `/api/…`. */
export async function handle(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const address = `http://${request.headers.host ?? '127.0.0.1'}`;
  const url = new URL(request.url ?? '/', address);
  const path = url.pathname.replace(/^\/api/, '');
  const method = request.method ?? 'GET';
  try {
    const body = await read(request);
    if (!world.user && !PUBLIC.has(path)) throw new Refusal(401, 'not_logged_in', 'Log in first.');
    if (!SAFE.has(method) && request.headers['x-csrf-token'] !== 'csrf-of-this-session') throw new Refusal(403, 'csrf', 'The CSRF token is missing.');
    if (path.startsWith('/admin') && world.user?.role === 'user') throw new Refusal(403, 'not_permitted', 'Only administrators may do this.');
    if (path === '/playground/chat') {
      stream(response);
      return;
    }
    const result = answer(method, path, { world, parameters: url.searchParams, body, address });
    if (result === undefined) response.writeHead(204).end();
    else reply(response, 200, result);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    reply(response, error.status, { error: { message: error.message, type: 'invalid_request_error', param: null, code: error.code } });
  }
}
