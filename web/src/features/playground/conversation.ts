/** A conversation as it is shown, sent and taken home. */
import type { CallFigures } from '@/shared/playground/sse';
import type { ChatMessage, ContentPart } from '@/shared/playground/useChatCall';

export interface Turn {
  role: 'user' | 'assistant';
  text: string;
  /** Data addresses of pictures that were sent along. */
  images: string[];
  figures: CallFigures | null;
}

const content = (turn: Turn): ChatMessage['content'] =>
  turn.images.length === 0
    ? turn.text
    : [
        { type: 'text', text: turn.text },
        ...turn.images.map((url): ContentPart => ({ type: 'image_url', image_url: { url } })),
      ];

/** The messages of a request: the system prompt, where there is one, then every turn that said something. */
export const messagesOf = (turns: readonly Turn[], systemPrompt: string): ChatMessage[] => [
  ...(systemPrompt.trim() ? [{ role: 'system' as const, content: systemPrompt }] : []),
  ...turns.filter((turn) => turn.text || turn.images.length > 0).map((turn) => ({ role: turn.role, content: content(turn) })),
];

/** Each model's conversation as a Markdown text. */
export const asMarkdown = (conversations: Readonly<Record<string, readonly Turn[]>>): string =>
  Object.entries(conversations)
    .map(([model, turns]) => [`# ${model}`, ...turns.map((turn) => `**${turn.role}**\n\n${turn.text}`)].join('\n\n'))
    .join('\n\n');

/** Hands a text to the browser as a file. */
export function saveFile(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
