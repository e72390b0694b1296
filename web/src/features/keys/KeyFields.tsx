/** The fields of a key: who, which models, how much, how long. */
import { ExpandableSection } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { DurationField } from '@/shared/fields/DurationField';
import { MoneyField, NumberField, SwitchField, TextField } from '@/shared/fields/Fields';
import { LabelsField } from '@/shared/fields/LabelsField';
import { BudgetFields, RateFields } from '@/shared/fields/LimitFields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { named, useChoices } from '@/shared/fields/useChoices';

import { NO_TERMS, type KeyDraft, type ModelTerms } from './keyDraft';
import type { KeyScope } from './scope';
import { useModelChoices } from './useModelChoices';

const BY_NAME = { sort: 'name' } as const;
const EXPIRIES = ['1d', '7d', '30d', '90d', '180d', '365d'] as const;

interface KeyFieldsProps {
  draft: KeyDraft;
  onChange: (draft: KeyDraft) => void;
  scope: KeyScope;
  isNew: boolean;
}

function OwnerFields({ draft, onChange }: Pick<KeyFieldsProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation('keys');
  const users = useChoices({ path: '/admin/users', query: BY_NAME, choiceOf: named });
  const teams = useChoices({ path: '/admin/teams', query: BY_NAME, choiceOf: named });
  return (
    <div className="lm-fields">
      <TextField
        label={t('userId')}
        help={t('userIdHelp')}
        value={draft.userId}
        suggestions={users.choices.map((user) => user.value)}
        onChange={(userId) => {
          users.onSearch(userId);
          onChange({ ...draft, userId });
        }}
        autoComplete="off"
      />
      <MultiSelect
        label={t('team')}
        most={1}
        placeholder={t('noTeam')}
        value={draft.teamId ? [draft.teamId] : []}
        {...teams}
        onChange={([teamId = '']) => onChange({ ...draft, teamId })}
      />
    </div>
  );
}

function PerModelFields({ draft, onChange }: Pick<KeyFieldsProps, 'draft' | 'onChange'>) {
  const { t } = useTranslation(['keys', 'common']);
  const change = (model: string, terms: Partial<ModelTerms>) =>
    onChange({ ...draft, perModel: { ...draft.perModel, [model]: { ...(draft.perModel[model] ?? NO_TERMS), ...terms } } });
  return draft.models.map((model) => {
    const terms = draft.perModel[model] ?? NO_TERMS;
    return (
      <div key={model} className="lm-fields" role="group" aria-label={model}>
        <MoneyField label={t('modelBudget', { model })} value={terms.budget} onChange={(budget) => change(model, { budget })} />
        <NumberField label={t('common:field.rpm')} value={terms.rpm} onChange={(rpm) => change(model, { rpm })} />
        <NumberField label={t('common:field.tpm')} value={terms.tpm} onChange={(tpm) => change(model, { tpm })} />
      </div>
    );
  });
}

export function KeyFields({ draft, onChange, scope, isNew }: KeyFieldsProps) {
  const { t } = useTranslation(['keys', 'common']);
  const [more, setMore] = useState(false);
  const models = useModelChoices(scope, draft.teamId);
  return (
    <>
      <TextField
        label={t('name')}
        help={t('nameHelp')}
        value={draft.alias}
        onChange={(alias) => onChange({ ...draft, alias })}
        isRequired
        autoFocus
        autoComplete="off"
      />
      {scope === 'all' && isNew && <OwnerFields draft={draft} onChange={onChange} />}
      <MultiSelect
        label={t('models')}
        help={t('modelsHelp')}
        value={draft.models}
        {...models}
        onChange={(chosen) => onChange({ ...draft, models: chosen })}
        isRequired
      />
      <DurationField
        label={t(isNew ? 'duration' : 'newExpiry')}
        help={t(isNew ? 'durationHelp' : 'newExpiryHelp')}
        value={draft.duration}
        presets={EXPIRIES}
        none={t(isNew ? 'neverExpires' : 'keepExpiry')}
        onChange={(duration) => onChange({ ...draft, duration })}
      />
      <BudgetFields value={draft.limits} onChange={(limits) => onChange({ ...draft, limits })} />
      <ExpandableSection toggleText={t(more ? 'lessLimits' : 'moreLimits')} isExpanded={more} onToggle={(_, open) => setMore(open)}>
        <div className="lm-stack">
          <RateFields value={draft.limits} onChange={(limits) => onChange({ ...draft, limits })} />
          <PerModelFields draft={draft} onChange={onChange} />
          {scope === 'all' && <LabelsField value={draft.labels ?? {}} onChange={(labels) => onChange({ ...draft, labels })} />}
          <SwitchField
            label={t('usesCache')}
            help={t('usesCacheHelp')}
            checked={draft.usesCache}
            onChange={(usesCache) => onChange({ ...draft, usesCache })}
          />
        </div>
      </ExpandableSection>
    </>
  );
}
