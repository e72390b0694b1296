/** The only time that a key is shown: copy it, and the ready text that calls a model with it. */
import { Alert, Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { IssuedKey } from '@/api/types';
import { SnippetTabs } from '@/features/models/SnippetTabs';
import { CopyableCode } from '@/shared/Copyable';
import { SelectField } from '@/shared/fields/Fields';

const isNamed = (model: string): boolean => !model.startsWith('all-');

export function IssuedKeyDialog({ issued, onClose }: { issued: IssuedKey; onClose: () => void }) {
  const { t } = useTranslation('keys');
  const id = useId();
  const catalogue = useGet('/models', { query: { page_size: 200, sort: 'name', access: 'all' } });
  const all = catalogue.data?.items ?? [];
  const named = issued.item.models.filter(isNamed);
  const names = named.length > 0 ? named : all.map((model) => model.name);
  const [chosen, setChosen] = useState<string>();
  const model = chosen ?? names[0];
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={t('issuedTitle', { name: issued.item.alias })} labelId={id} />
      <ModalBody tabIndex={0} aria-label={t('issuedTitle', { name: issued.item.alias })}>
        <div className="lm-stack">
          <Alert component="h2" isInline variant="warning" title={t('shownOnce')}>
            {t('shownOnceHelp')}
          </Alert>
          <CopyableCode text={issued.key} label={t('theKey')} />
          {names.length > 1 && model && (
            <SelectField label={t('snippetFor')} value={model} options={names.map((name) => ({ value: name, label: name }))} onChange={setChosen} />
          )}
          {model && <SnippetTabs model={model} mode={all.find((one) => one.name === model)?.mode} apiKey={issued.key} />}
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t('savedIt')}</Button>
      </ModalFooter>
    </Modal>
  );
}
