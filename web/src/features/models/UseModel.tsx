/** From a model to a program that calls it: choose or issue a key, copy a snippet, try it. */
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader, Title } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { IssuedKey, Key, NewKey } from '@/api/types';
import { CopyableCode } from '@/shared/Copyable';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { useChoices } from '@/shared/fields/useChoices';
import { ErrorNotice } from '@/shared/Notices';

import { KEY_VARIABLE } from './snippets';
import { SnippetTabs } from './SnippetTabs';
import { TryIt } from './TryIt';

const NEW = 'new';
const USABLE = new Set(['active', 'expiring']);

const grants = (key: Key, model: string): boolean =>
  key.models.includes(model) || key.models.includes('all-proxy-models') || key.models.includes('all-team-models');

interface UseModelProps {
  model: string;
  mode: string;
  onClose: () => void;
}

export function UseModel({ model, mode, onClose }: UseModelProps) {
  const { t } = useTranslation('models');
  const id = useId();
  const keys = useChoices({
    path: '/keys',
    query: { sort: '-created_at' },
    isOffered: (key) => USABLE.has(key.state) && grants(key, model),
    choiceOf: (key) => ({ value: key.id, label: `${key.alias} (…${key.hint})` }),
    first: [{ value: NEW, label: t('issueNewKey') }],
  });
  const newest = keys.choices.find((choice) => choice.value !== NEW)?.value;
  const [start, setStart] = useState(newest);
  if (start === undefined && newest !== undefined) setStart(newest);
  const [chosen, setChosen] = useState<string>();
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const issue = useChange((body: NewKey) => call('post', '/keys', { body }), ['/keys', '/me']);
  const current = chosen ?? start ?? NEW;
  const { data: details } = useGet('/keys/{key_id}', { path: { key_id: current }, enabled: current !== NEW });
  const secret = issued?.item.id === current ? issued.key : null;
  const hint = details?.id === current ? details.hint : null;
  const issueKey = async () => {
    const answer = await issue.mutateAsync({ alias: `${model} ${new Date().toISOString().slice(0, 10)}`, models: [model] });
    setIssued(answer);
    setChosen(answer.item.id);
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={t('useTitle', { model })} description={t('useHelp')} labelId={id} />
      <ModalBody tabIndex={0} aria-label={t('useTitle', { model })}>
        <div className="lm-stack">
          <Title headingLevel="h2" size="md">
            {t('stepKey')}
          </Title>
          <MultiSelect label={t('key')} most={1} value={[current]} {...keys} onChange={([key]) => setChosen(key ?? current)} />
          {current === NEW && (
            <div>
              <Button variant="secondary" onClick={() => void issueKey()} isLoading={issue.isPending} isDisabled={issue.isPending}>
                {t('generateKeyFor', { model })}
              </Button>
            </div>
          )}
          <ErrorNotice error={issue.error} />
          {secret && (
            <Alert component="h2" isInline variant="success" title={t('keyOnce')}>
              <CopyableCode text={secret} label={t('key')} />
            </Alert>
          )}
          {hint && !secret && <p className="lm-subtle">{t('putKeyIn', { hint, variable: KEY_VARIABLE })}</p>}
          <Title headingLevel="h2" size="md">
            {t('stepCall')}
          </Title>
          <SnippetTabs model={model} mode={mode} apiKey={secret} />
          {mode === 'chat' && (
            <>
              <Title headingLevel="h2" size="md">
                {t('stepTry')}
              </Title>
              <TryIt model={model} />
            </>
          )}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t('done')}</Button>
      </ModalFooter>
    </Modal>
  );
}
