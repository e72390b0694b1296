/** The only time that a key is shown: copy it, and the ready text that calls a model with it. */
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { IssuedKey } from '@/api/types';
import { SnippetTabs } from '@/features/models/SnippetTabs';
import { CopyableCode } from '@/shared/Copyable';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { useChoices } from '@/shared/fields/useChoices';

const isNamed = (model: string): boolean => !model.startsWith('all-');
const choiceOf = (name: string) => ({ value: name, label: name });

export function IssuedKeyDialog({ issued, onClose }: { issued: IssuedKey; onClose: () => void }) {
  const { t } = useTranslation('keys');
  const id = useId();
  const named = issued.item.models.filter(isNamed);
  const isOpen = named.length === 0;
  const found = useChoices({ path: '/models', query: { sort: 'name', access: 'all' }, choiceOf: ({ name }) => choiceOf(name), enabled: isOpen });
  const offered = isOpen ? found : { choices: named.map(choiceOf) };
  const [chosen, setChosen] = useState<string>();
  const [start, setStart] = useState(named[0]);
  if (start === undefined && found.choices[0]) setStart(found.choices[0].value);
  const model = chosen ?? start;
  const details = useGet('/models/{name}', { path: { name: model ?? '' }, enabled: model !== undefined });
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={t('issuedTitle', { name: issued.item.alias })} labelId={id} />
      <ModalBody tabIndex={0} aria-label={t('issuedTitle', { name: issued.item.alias })}>
        <div className="lm-stack">
          <Alert component="h2" isInline variant="warning" title={t('shownOnce')}>
            {t('shownOnceHelp')}
          </Alert>
          <CopyableCode text={issued.key} label={t('theKey')} />
          {model && (isOpen || named.length > 1) && (
            <MultiSelect label={t('snippetFor')} most={1} value={[model]} {...offered} onChange={([name]) => setChosen(name ?? model)} />
          )}
          {model && <SnippetTabs model={model} mode={details.data?.mode} apiKey={issued.key} />}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t('savedIt')}</Button>
      </ModalFooter>
    </Modal>
  );
}
