/** Whose calls a guardrail guards: teams, keys, models. */
import { Button, Label, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { GUARDED_HOLDERS } from '@/api/choices';
import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { GuardedHolder, Guardrail } from '@/api/types';
import { SelectField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { named, useChoices, type Choices } from '@/shared/fields/useChoices';
import { ErrorNotice } from '@/shared/Notices';

import { GUARDRAIL_READS } from './GuardrailForm';

const BINDING = '/admin/guardrails/{name}/bindings/{holder}/{subject_id}';
const BY_NAME = { sort: 'name' } as const;

/** Whom a guardrail can be bound to. */
function useSubjects(holder: GuardedHolder): Choices {
  const subjects = {
    team: useChoices({ path: '/admin/teams', query: BY_NAME, choiceOf: named, enabled: holder === 'team' }),
    key: useChoices({
      path: '/admin/keys',
      query: { sort: 'alias' },
      choiceOf: ({ id, alias, hint }) => ({ value: id, label: alias, description: `sk-…${hint}` }),
      enabled: holder === 'key',
    }),
    model: useChoices({ path: '/admin/models', query: BY_NAME, choiceOf: ({ name }) => ({ value: name, label: name }), enabled: holder === 'model' }),
  };
  return subjects[holder];
}

export function Bindings({ guardrail, onClose }: { guardrail: Guardrail; onClose: () => void }) {
  const { t } = useTranslation(['guardrails', 'common']);
  const id = useId();
  const [holder, setHolder] = useState<GuardedHolder>('team');
  const subjects = useSubjects(holder);
  const bound = guardrail.bindings.filter((one) => one.holder === holder).map((one) => one.id);
  const path = (of: GuardedHolder, subject: string) => ({ name: guardrail.name, holder: of, subject_id: subject });
  const change = useChange(
    async ({ of, subject, on }: { of: GuardedHolder; subject: string; on: boolean }) => {
      await call(on ? 'put' : 'delete', BINDING, { path: path(of, subject) });
    },
    GUARDRAIL_READS,
  );
  const choose = (chosen: readonly string[]) => {
    const added = chosen.find((one) => !bound.includes(one));
    const removed = bound.find((one) => !chosen.includes(one));
    const subject = added ?? removed;
    if (subject !== undefined) change.mutate({ of: holder, subject, on: added !== undefined });
  };
  return (
    <Modal isOpen variant="medium" onClose={onClose} aria-labelledby={id}>
      <ModalHeader title={t('bindTitle', { name: guardrail.name })} description={t(guardrail.for_all ? 'bindHelpForAll' : 'bindHelp')} labelId={id} />
      <ModalBody tabIndex={0} aria-label={t('bindTitle', { name: guardrail.name })}>
        <div className="lm-stack">
          <div className="lm-fields">
            <SelectField label={t('holder')} value={holder} options={GUARDED_HOLDERS.map((one) => ({ value: one, label: t(`holders.${one}`) }))} onChange={setHolder} />
            <MultiSelect label={t(`holders.${holder}`)} value={bound} {...subjects} onChange={choose} />
          </div>
          <ErrorNotice error={change.error} />
          <div className="lm-row">
            {guardrail.bindings.length === 0 && <p className="lm-subtle">{t('boundToNobody')}</p>}
            {guardrail.bindings.map((one) => (
              <Label
                key={`${one.holder} ${one.id}`}
                closeBtnAriaLabel={t('unbind', { name: one.name })}
                onClose={() => change.mutate({ of: one.holder, subject: one.id, on: false })}
              >
                {t(`boundTo.${one.holder}`, { name: one.name })}
              </Label>
            ))}
          </div>
        </div>
      </ModalBody>
      <ModalFooter>
        <Button onClick={onClose}>{t('common:close')}</Button>
      </ModalFooter>
    </Modal>
  );
}
