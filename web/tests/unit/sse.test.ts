import { expect, test } from 'vitest';

import { readEvent, readEvents, type ChatEvent } from '@/shared/playground/sse';

const body = (pieces: readonly string[]): ReadableStream<Uint8Array> =>
  new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });

async function all(pieces: readonly string[]): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for await (const event of readEvents(body(pieces))) events.push(event);
  return events;
}

test('an answer is put together however the network cuts it', async () => {
  const stream = 'data: {"choices":[{"delta":{"content":"Grüß "}}]}\n\ndata: {"choices":[{"delta":{"content":"Gott"}}]}\r\n\r\ndata: [DONE]\n\n';
  for (const cut of [1, 3, 17, stream.length]) {
    const pieces = stream.match(new RegExp(`[\\s\\S]{1,${cut}}`, 'g')) ?? [];
    const texts = (await all(pieces)).map((event) => (event.kind === 'text' ? event.text : ''));
    expect(texts.join('')).toBe('Grüß Gott');
  }
});

test('the figures of the call come as an event of their own', () => {
  const figures = { input_tokens: 12, output_tokens: 21, cost: '0.0000027', first_token_ms: 182, duration_ms: 640 };
  expect(readEvent(`event: litemaas\ndata: ${JSON.stringify(figures)}`)).toEqual({ kind: 'figures', figures });
});

test('an error inside the stream is told, not swallowed', () => {
  expect(readEvent('data: {"error":{"message":"upstream went away"}}')).toEqual({ kind: 'error', message: 'upstream went away' });
});

test('comments and the end mark say nothing', () => {
  expect(readEvent(': keep-alive')).toBeNull();
  expect(readEvent('data: [DONE]')).toBeNull();
});
