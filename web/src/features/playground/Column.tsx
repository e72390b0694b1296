/** One model's side of the conversation. */
import { Button, Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import { useEffect, useImperativeHandle, useRef, useState, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

import { CallFiguresList } from '@/features/models/TryIt';
import { ErrorNotice } from '@/shared/Notices';
import { useChatCall } from '@/shared/playground/useChatCall';

import { Answer } from './Answer';
import { messagesOf, type Turn } from './conversation';
import type { Parameters } from './ParametersPanel';

export interface ColumnHandle {
  send: (text: string, images: string[]) => void;
  stop: () => void;
  clear: () => void;
  turns: () => Turn[];
}

interface ColumnProps {
  ref: Ref<ColumnHandle>;
  model: string;
  parameters: Parameters;
  onRunning: (running: boolean) => void;
}

function TurnView({ turn }: { turn: Turn }) {
  const { t } = useTranslation('playground');
  if (turn.role === 'assistant') {
    return (
      <div className="lm-stack">
        <Answer text={turn.text} />
        {turn.figures && <CallFiguresList figures={turn.figures} />}
      </div>
    );
  }
  return (
    <div className="lm-turn--user">
      <span className="pf-v6-screen-reader">{t('you')}</span>
      <div className="lm-prewrap">{turn.text}</div>
      {turn.images.length > 0 && (
        <div className="lm-row lm-turn__images">
          {turn.images.map((address) => (
            <img key={address.slice(-48)} src={address} alt={t('sentImage')} />
          ))}
        </div>
      )}
    </div>
  );
}

export function Column({ ref, model, parameters, onRunning }: ColumnProps) {
  const { t } = useTranslation('playground');
  const [turns, setTurns] = useState<Turn[]>([]);
  const chat = useChatCall();
  const end = useRef<HTMLDivElement>(null);
  const send = async (text: string, images: string[]) => {
    const asked: Turn[] = [...turns, { role: 'user', text, images, figures: null }];
    setTurns(asked);
    onRunning(true);
    const { systemPrompt, temperature, maxTokens } = parameters;
    const outcome = await chat.send({
      model,
      messages: messagesOf(asked, systemPrompt),
      ...(temperature !== null && { temperature }),
      ...(maxTokens !== null && { max_tokens: maxTokens }),
    });
    if (outcome.text) setTurns([...asked, { role: 'assistant', text: outcome.text, images: [], figures: outcome.figures }]);
    onRunning(false);
  };
  useImperativeHandle(ref, () => ({
    send: (text, images) => void send(text, images),
    stop: chat.stop,
    clear: () => setTurns([]),
    turns: () => turns,
  }));
  useEffect(() => {
    // Newer browsers answer scrolling with a promise, which must not be taken for the effect's clean-up.
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [turns, chat.text]);
  return (
    <Card>
      <CardHeader actions={{ actions: chat.running && <Button variant="link" onClick={chat.stop}>{t('stop')}</Button>, hasNoOffset: true }}>
        <CardTitle component="h2">{model}</CardTitle>
      </CardHeader>
      <CardBody>
        <div className="lm-transcript" tabIndex={0} role="log" aria-label={t('conversationWith', { model })}>
          {turns.length === 0 && <p className="lm-subtle">{t('askSomething')}</p>}
          {turns.map((turn, index) => (
            <TurnView key={index} turn={turn} />
          ))}
          {chat.running && (chat.text ? <Answer text={chat.text} /> : <p className="lm-subtle">{t('waiting')}</p>)}
          <ErrorNotice error={chat.error} />
          <div ref={end} />
        </div>
      </CardBody>
    </Card>
  );
}
