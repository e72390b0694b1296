/** Step three: what it costs, what it can do, and who may use it. */
import { useTranslation } from 'react-i18next';

import { CAPABILITIES } from '@/api/choices';
import type { Capability } from '@/api/types';
import { AreaField, MoneyField, NumberField, SwitchField, TextField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';

import type { GivenPrices } from './modelDraft';

/** What the wizard and the page of a model both let people say about it. */
export interface ModelTerms {
  description: string;
  capabilities: Capability[];
  maxInput: number | null;
  maxOutput: number | null;
  prices: GivenPrices;
  restricted: boolean;
  accessGroups: string[];
}

export function PriceFields({ value, onChange }: { value: GivenPrices; onChange: (value: GivenPrices) => void }) {
  const { t } = useTranslation('adminModels');
  const field = (name: keyof GivenPrices) => (
    <MoneyField label={t(`prices.${name}`)} value={value[name]} onChange={(price) => onChange({ ...value, [name]: price })} />
  );
  return (
    <div className="lm-fields">
      {field('input_per_million')}
      {field('output_per_million')}
      {field('cached_input_per_million')}
      {field('request')}
    </div>
  );
}

interface TermsFieldsProps<T extends ModelTerms> {
  value: T;
  onChange: (value: T) => void;
}

export function TermsFields<T extends ModelTerms>({ value, onChange }: TermsFieldsProps<T>) {
  const { t } = useTranslation(['adminModels', 'models']);
  return (
    <>
      <AreaField label={t('description')} value={value.description} onChange={(description) => onChange({ ...value, description })} rows={2} />
      <div className="lm-fields">
        <MultiSelect
          label={t('models:capabilities')}
          value={value.capabilities}
          choices={CAPABILITIES.map((one) => ({ value: one, label: t(`models:capability.${one}`) }))}
          onChange={(capabilities) => onChange({ ...value, capabilities: capabilities as Capability[] })}
        />
        <NumberField label={t('models:maxInput')} value={value.maxInput} onChange={(maxInput) => onChange({ ...value, maxInput })} />
        <NumberField label={t('models:maxOutput')} value={value.maxOutput} onChange={(maxOutput) => onChange({ ...value, maxOutput })} />
      </div>
      <p className="lm-subtle">{t('pricesHelp')}</p>
      <PriceFields value={value.prices} onChange={(prices) => onChange({ ...value, prices })} />
      <SwitchField
        label={t('restrict')}
        help={t('restrictHelp')}
        checked={value.restricted}
        onChange={(restricted) => onChange({ ...value, restricted })}
      />
      <TextField
        label={t('accessGroups')}
        help={t('accessGroupsHelp')}
        value={value.accessGroups.join(', ')}
        onChange={(text) => onChange({ ...value, accessGroups: text === '' ? [] : text.split(/,\s*/) })}
      />
    </>
  );
}
