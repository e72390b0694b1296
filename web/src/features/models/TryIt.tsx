/** One question to a model from this page: the answer, its tokens, cost and time. */
import { Button, DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { TextField } from '@/shared/fields/Fields';
import { exactMoney, integer, milliseconds, money } from '@/shared/format';
import { ErrorNotice } from '@/shared/Notices';
import type { CallFigures } from '@/shared/playground/sse';
import { useChatCall } from '@/shared/playground/useChatCall';

export function CallFiguresList({ figures }: { figures: CallFigures }) {
  const { t } = useTranslation('playground');
  const seconds = (figures.duration_ms - (figures.first_token_ms ?? 0)) / 1000;
  const rows: [string, string][] = [
    ...(figures.first_token_ms === null ? [] : [[t('firstToken'), milliseconds(figures.first_token_ms)] as [string, string]]),
    [t('duration'), milliseconds(figures.duration_ms)],
    ...(seconds > 0 ? [[t('speed'), t('tokensPerSecond', { rate: integer(Math.round(figures.output_tokens / seconds)) })] as [string, string]] : []),
    [t('tokens'), t('tokensInOut', { input: integer(figures.input_tokens), output: integer(figures.output_tokens) })],
  ];
  return (
    <DescriptionList isCompact columnModifier={{ default: '2Col' }} className="lm-figure">
      {rows.map(([term, value]) => (
        <DescriptionListGroup key={term}>
          <DescriptionListTerm>{term}</DescriptionListTerm>
          <DescriptionListDescription>{value}</DescriptionListDescription>
        </DescriptionListGroup>
      ))}
      {figures.cost !== null && (
        <DescriptionListGroup>
          <DescriptionListTerm>{t('cost')}</DescriptionListTerm>
          <DescriptionListDescription>
            <span title={exactMoney(figures.cost)}>{money(figures.cost)}</span>
          </DescriptionListDescription>
        </DescriptionListGroup>
      )}
    </DescriptionList>
  );
}

export function TryIt({ model }: { model: string }) {
  const { t } = useTranslation('models');
  const [question, setQuestion] = useState(() => t('tryQuestion'));
  const chat = useChatCall();
  const end = useRef<HTMLDivElement>(null);
  const isAnswered = chat.figures !== null || chat.error !== null;
  useEffect(() => {
    // The dialog that this stands in is often higher than the window, and the answer comes at its end.
    if (isAnswered) end.current?.scrollIntoView({ block: 'nearest' });
  }, [isAnswered]);
  return (
    <form
      className="lm-stack"
      onSubmit={(event) => {
        event.preventDefault();
        void chat.send({ model, messages: [{ role: 'user', content: question }] });
      }}
    >
      <TextField label={t('tryLabel')} value={question} onChange={setQuestion} />
      <div>
        <Button type="submit" variant="secondary" isLoading={chat.running} isDisabled={chat.running || !question.trim()}>
          {t('tryIt')}
        </Button>
      </div>
      <div aria-live="polite" className="lm-stack">
        {chat.text && <div className="lm-prewrap">{chat.text}</div>}
        {chat.figures && <CallFiguresList figures={chat.figures} />}
        <ErrorNotice error={chat.error} />
        <div ref={end} />
      </div>
    </form>
  );
}
