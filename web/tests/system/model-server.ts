/** An OpenAI-compatible model server: it lists models, asks for a key, and answers with stated usage. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const UPSTREAM_KEY = 'key-of-the-model-server';
export const MODELS = ['granite-3-2-8b-instruct', 'llama-4-scout', 'qwen3-coder-30b'] as const;
/** What every answer says that it used. */
export const USAGE = { prompt_tokens: 1200, completion_tokens: 345, total_tokens: 1545 };
const WORDS = ['Hello', ' from', ' the', ' model', ' server.'];

export interface ModelServer {
  /** Base address, with `/v1`. */
  address: string;
  close: () => Promise<void>;
}

interface ChatRequest {
  model: string;
  stream?: boolean;
}

async function bodyOf(request: IncomingMessage): Promise<ChatRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString()) as ChatRequest;
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

function stream(response: ServerResponse, model: string): void {
  const chunk = (fields: object) => response.write(`data: ${JSON.stringify({ id: 'chat-1', object: 'chat.completion.chunk', created: 1, model, ...fields })}\n\n`);
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const word of WORDS) chunk({ choices: [{ index: 0, delta: { role: 'assistant', content: word }, finish_reason: null }] });
  chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  chunk({ choices: [], usage: USAGE });
  response.end('data: [DONE]\n\n');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.headers.authorization !== `Bearer ${UPSTREAM_KEY}`) {
    answerJson(response, 401, { error: { message: 'Incorrect API key provided.', type: 'invalid_request_error' } });
  } else if (request.url === '/v1/models') {
    answerJson(response, 200, { object: 'list', data: MODELS.map((id) => ({ id, object: 'model', owned_by: 'tests' })) });
  } else {
    const { model, stream: streamed } = await bodyOf(request);
    if (streamed) stream(response, model);
    else answerJson(response, 200, { id: 'chat-1', object: 'chat.completion', created: 1, model, choices: [{ index: 0, message: { role: 'assistant', content: WORDS.join('') }, finish_reason: 'stop' }], usage: USAGE });
  }
}

/** Serves on a port of the system's choosing. */
export async function startModelServer(): Promise<ModelServer> {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
