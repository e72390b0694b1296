/** Which deployment gets a call, how often a failed one is sent on, and which models stand in. */
import { useTranslation } from 'react-i18next';

import { STRATEGIES } from '@/api/choices';
import type { Routing } from '@/api/types';
import { NumberField, SelectField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { useChoices } from '@/shared/fields/useChoices';
import { integer } from '@/shared/format';

import type { RoutingDraft } from './routingDraft';

/** As many as the server takes. */
const MOST_STAND_INS = 10;

interface StandInsProps {
  /** The model for which others stand in, which cannot itself. */
  model: string;
  label: string;
  help: string;
  value: readonly string[];
  onChange: (value: string[] | null) => void;
}

function StandInsField({ model, label, help, value, onChange }: StandInsProps) {
  const { t } = useTranslation('adminModels');
  const { choices, onSearch } = useChoices({ path: '/models', query: { sort: 'name', access: 'all' }, choiceOf: ({ name }) => ({ value: name, label: name }) });
  return (
    <MultiSelect
      label={label}
      help={value.length > 1 ? t('routing.inThisOrder', { names: value.join(', ') }) : help}
      most={MOST_STAND_INS}
      placeholder={t('routing.noStandIn')}
      value={value}
      choices={choices.filter((one) => one.value !== model)}
      onSearch={onSearch}
      onChange={(names) => onChange(names.length > 0 ? names : null)}
    />
  );
}

interface RoutingFieldsProps {
  model: string;
  value: RoutingDraft;
  defaults: Routing;
  onChange: (value: RoutingDraft) => void;
}

export function RoutingFields({ model, value, defaults, onChange }: RoutingFieldsProps) {
  const { t } = useTranslation('adminModels');
  const strategy = value.strategy ?? defaults.strategy;
  const number = (field: 'retries' | 'allowed_fails' | 'cooldown_seconds') => (
    <NumberField
      label={t(`routing.${field}`)}
      help={t(`routing.help.${field}`)}
      placeholder={t('routing.default', { value: integer(defaults[field]) })}
      value={value[field]}
      onChange={(given) => onChange({ ...value, [field]: given })}
    />
  );
  const standIns = (field: 'fallbacks' | 'context_window_fallbacks') => (
    <StandInsField
      model={model}
      label={t(`routing.${field}`)}
      help={t(`routing.help.${field}`)}
      value={value[field] ?? defaults[field]}
      onChange={(names) => onChange({ ...value, [field]: names })}
    />
  );
  return (
    <>
      <SelectField
        label={t('routing.strategy')}
        help={t(`routing.help.${strategy}`)}
        value={strategy}
        options={STRATEGIES.map((one) => ({
          value: one,
          label: one === defaults.strategy ? t('routing.byDefault', { value: t(`routing.${one}`) }) : t(`routing.${one}`),
        }))}
        onChange={(chosen) => onChange({ ...value, strategy: chosen === defaults.strategy ? null : chosen })}
      />
      <div className="lm-fields">
        {number('retries')}
        {number('allowed_fails')}
        {number('cooldown_seconds')}
      </div>
      <div className="lm-fields">
        {standIns('fallbacks')}
        {standIns('context_window_fallbacks')}
      </div>
    </>
  );
}
