/** One streamed chat call with the rights of the session; no key is in the browser. */
import { useCallback, useEffect, useRef, useState } from 'react';

import { ApiError, send as sendRequest } from '@/api/http';

import { readEvents, type CallFigures } from './sse';

export type ContentPart = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string | ContentPart[];
}

export interface ChatOrder {
  model: string;
  messages: ChatMessage[];
  temperature?: number;
  max_tokens?: number;
}

export interface ChatOutcome {
  text: string;
  figures: CallFigures | null;
  error: Error | null;
}

export interface ChatCall extends ChatOutcome {
  running: boolean;
  send: (order: ChatOrder) => Promise<ChatOutcome>;
  stop: () => void;
}

const NOTHING: ChatOutcome = { text: '', figures: null, error: null };

export function useChatCall(): ChatCall {
  const [outcome, setOutcome] = useState<ChatOutcome>(NOTHING);
  const [running, setRunning] = useState(false);
  const control = useRef<AbortController | null>(null);
  const stop = useCallback(() => control.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const send = useCallback(async (order: ChatOrder): Promise<ChatOutcome> => {
    const abort = new AbortController();
    control.current = abort;
    let now = NOTHING;
    const show = (change: Partial<ChatOutcome>) => {
      now = { ...now, ...change };
      setOutcome(now);
    };
    show({});
    setRunning(true);
    try {
      const body = { ...order, stream: true };
      const response = await sendRequest('post', '/playground/chat', { body, signal: abort.signal });
      if (!response.body) throw new ApiError('The answer has no body.', 0, null, null);
      for await (const event of readEvents(response.body)) {
        if (event.kind === 'text') show({ text: now.text + event.text });
        else if (event.kind === 'figures') show({ figures: event.figures });
        else show({ error: new ApiError(event.message, 0, null, null) });
      }
    } catch (error) {
      // A stop by the reader is no failure; what has been said stays.
      if (!abort.signal.aborted) show({ error: error as Error });
    }
    setRunning(false);
    return now;
  }, []);
  return { ...outcome, running, send, stop };
}
