/** Issuing a key and changing one. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { IssuedKey, Key } from '@/api/types';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

import { IssuedKeyDialog } from './IssuedKeyDialog';
import { changesOf, draftOf, isComplete, newDraft, orderOf, type KeyDraft } from './keyDraft';
import { KeyFields } from './KeyFields';
import { KEY_READS, useKeyScope } from './scope';

interface GenerateKeyProps {
  onClose: () => void;
  /** What the form starts with. */
  defaults?: Partial<KeyDraft>;
}

export function GenerateKey({ onClose, defaults }: GenerateKeyProps) {
  const { t } = useTranslation('keys');
  const { scope, api } = useKeyScope();
  const [draft, setDraft] = useState(() => newDraft(defaults));
  const [issued, setIssued] = useState<IssuedKey | null>(null);
  const issue = useChange((body: KeyDraft) => call('post', api, { body: orderOf(body) }), KEY_READS);
  if (issued) return <IssuedKeyDialog issued={issued} onClose={onClose} />;
  return (
    <FormDialog
      title={t('generate')}
      description={t(scope === 'own' ? 'generateHelp' : 'generateHelpAdmin')}
      verb={t('generate')}
      isValid={isComplete(draft)}
      onSubmit={async () => setIssued(await issue.mutateAsync(draft))}
      onClose={onClose}
    >
      <KeyFields draft={draft} onChange={setDraft} scope={scope} isNew />
    </FormDialog>
  );
}

export function EditKey({ item, onClose }: { item: Key; onClose: () => void }) {
  const { t } = useTranslation(['keys', 'common']);
  const { scope, api } = useKeyScope();
  const toast = useToast();
  const [draft, setDraft] = useState(() => draftOf(item));
  const change = useChange(
    (body: KeyDraft) => call('patch', `${api}/{key_id}`, { path: { key_id: item.id }, body: changesOf(body, draftOf(item)) }),
    KEY_READS,
  );
  return (
    <FormDialog
      title={t('editTitle', { name: item.alias })}
      verb={t('common:save')}
      isValid={isComplete(draft)}
      onSubmit={async () => {
        await change.mutateAsync(draft);
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      <KeyFields draft={draft} onChange={setDraft} scope={scope} isNew={false} />
    </FormDialog>
  );
}
