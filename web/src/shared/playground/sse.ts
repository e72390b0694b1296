/** Reads the playground's stream of server-sent events: pieces of the answer, then what it cost. */

/** Figures of one call, as the server measured them. */
export interface CallFigures {
  input_tokens: number;
  output_tokens: number;
  cost: string | null;
  first_token_ms: number | null;
  duration_ms: number;
}

export type ChatEvent = { kind: 'text'; text: string } | { kind: 'figures'; figures: CallFigures } | { kind: 'error'; message: string };

interface Chunk {
  choices?: { delta?: { content?: string | null; reasoning_content?: string | null } }[];
  error?: { message?: string };
}

/** Turns one event block (the lines between two empty ones) into what it says; comments and `[DONE]` say nothing. */
export function readEvent(block: string): ChatEvent | null {
  let name = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    if (line.startsWith('event:')) name = line.slice(6).trim();
    if (line.startsWith('data:')) data.push(line.slice(5).replace(/^ /, ''));
  }
  const text = data.join('\n');
  if (text === '' || text === '[DONE]') return null;
  if (name === 'litemaas') return { kind: 'figures', figures: JSON.parse(text) as CallFigures };
  const chunk = JSON.parse(text) as Chunk;
  if (chunk.error) return { kind: 'error', message: chunk.error.message ?? '' };
  const piece = chunk.choices?.[0]?.delta?.content;
  return piece ? { kind: 'text', text: piece } : null;
}

/** Yields the events of a response body as they arrive, however the network cuts them. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ChatEvent> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let kept = '';
  for (;;) {
    const { done, value } = await reader.read();
    // Over the joined text, as a line end may be cut in two.
    kept = (kept + (value ?? '')).replaceAll('\r\n', '\n');
    const blocks = kept.split('\n\n');
    kept = done ? '' : (blocks.pop() ?? '');
    for (const block of blocks) {
      const event = readEvent(block);
      if (event) yield event;
    }
    if (done) return;
  }
}
