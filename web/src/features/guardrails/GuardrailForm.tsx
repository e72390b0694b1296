/** A guardrail, as it is added or changed. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { GUARDRAIL_ACTIONS, GUARDRAIL_KINDS } from '@/api/choices';
import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { Guardrail } from '@/api/types';
import { AreaField, SelectField, SwitchField, TextField } from '@/shared/fields/Fields';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

import { changeOf, draftOf, isReady, NEW_GUARDRAIL, orderOf, type GuardrailDraft } from './guardrailDraft';

export const GUARDRAIL_READS = ['/admin/guardrails'] as const;
const SIDES = ['both', 'input', 'output'] as const;

export function GuardrailForm({ guardrail, onClose }: { guardrail?: Guardrail; onClose: (added?: Guardrail) => void }) {
  const { t } = useTranslation(['guardrails', 'common']);
  const toast = useToast();
  const [draft, setDraft] = useState(() => (guardrail ? draftOf(guardrail) : NEW_GUARDRAIL));
  const save = useChange(
    (wanted: GuardrailDraft) =>
      guardrail
        ? call('patch', '/admin/guardrails/{name}', { path: { name: guardrail.name }, body: changeOf(wanted) })
        : call('post', '/admin/guardrails', { body: orderOf(wanted) }),
    GUARDRAIL_READS,
  );
  return (
    <FormDialog
      title={guardrail ? t('editTitle', { name: guardrail.name }) : t('add')}
      description={guardrail ? undefined : t('addHelp')}
      verb={guardrail ? t('common:save') : t('add')}
      isValid={isReady(draft)}
      onSubmit={async () => {
        const saved = await save.mutateAsync(draft);
        toast(t('common:saved'));
        onClose(guardrail ? undefined : saved);
      }}
      onClose={() => onClose()}
    >
      {!guardrail && (
        <>
          <TextField label={t('name')} help={t('nameHelp')} value={draft.name} onChange={(name) => setDraft({ ...draft, name })} isRequired autoFocus autoComplete="off" />
          <SelectField
            label={t('kind')}
            help={t(`kindHelp.${draft.kind}`)}
            value={draft.kind}
            options={GUARDRAIL_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
            onChange={(kind) => setDraft({ ...draft, kind })}
          />
        </>
      )}
      {draft.kind === 'pattern' && (
        <AreaField label={t('patterns')} help={t('patternsHelp')} value={draft.patterns} onChange={(patterns) => setDraft({ ...draft, patterns })} placeholder="TICKET-[0-9]{1,9}" isRequired />
      )}
      {draft.kind === 'personal_data' && (
        <TextField label={t('entities')} help={t('entitiesHelp')} value={draft.entities} onChange={(entities) => setDraft({ ...draft, entities })} placeholder="EMAIL_ADDRESS, CREDIT_CARD, IBAN_CODE" autoComplete="off" />
      )}
      <SelectField
        label={t('action')}
        help={t(`actionHelp.${draft.action}`)}
        value={draft.action}
        options={GUARDRAIL_ACTIONS.map((action) => ({ value: action, label: t(`actions.${action}`) }))}
        onChange={(action) => setDraft({ ...draft, action })}
      />
      <SelectField label={t('sides')} value={draft.sides} options={SIDES.map((sides) => ({ value: sides, label: t(`side.${sides}`) }))} onChange={(sides) => setDraft({ ...draft, sides })} />
      <SwitchField label={t('forAll')} help={t('forAllHelp')} checked={draft.forAll} onChange={(forAll) => setDraft({ ...draft, forAll })} />
    </FormDialog>
  );
}
