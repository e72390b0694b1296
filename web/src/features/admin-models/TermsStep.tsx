/** Step three: what it can do, who may use it, and whether answers are kept. */
import { useTranslation } from 'react-i18next';

import { CAPABILITIES } from '@/api/choices';
import type { Capability } from '@/api/types';
import { AreaField, NumberField, SelectField, SwitchField, TextField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { seconds } from '@/shared/format';

/** What the wizard and the page of a model both let people say about it. */
export interface ModelTerms {
  description: string;
  capabilities: Capability[];
  maxInput: number | null;
  maxOutput: number | null;
  restricted: boolean;
  accessGroups: string[];
  cacheTtl: number | null;
  cacheShared: boolean;
}

interface TermsFieldsProps<T extends ModelTerms> {
  value: T;
  onChange: (value: T) => void;
}

/** How long answers are kept: choices of the form, and whatever else the model has. */
const CACHE_SECONDS = [300, 3600, 86_400, 604_800] as const;

function CacheFields<T extends ModelTerms>({ value, onChange }: TermsFieldsProps<T>) {
  const { t } = useTranslation('adminModels');
  const { cacheTtl } = value;
  const choices = cacheTtl === null || CACHE_SECONDS.some((one) => one === cacheTtl) ? CACHE_SECONDS : [...CACHE_SECONDS, cacheTtl];
  return (
    <>
      <div className="lm-narrow">
        <SelectField
          label={t('cache')}
          help={t('cacheHelp')}
          value={String(cacheTtl ?? '')}
          options={[{ value: '', label: t('cacheOff') }, ...choices.map((one) => ({ value: String(one), label: seconds(one) }))]}
          onChange={(chosen) => onChange({ ...value, cacheTtl: chosen === '' ? null : Number(chosen) })}
        />
      </div>
      {cacheTtl !== null && (
        <SwitchField
          label={t('cacheShared')}
          help={t('cacheSharedHelp')}
          checked={value.cacheShared}
          onChange={(cacheShared) => onChange({ ...value, cacheShared })}
        />
      )}
    </>
  );
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
      <CacheFields value={value} onChange={onChange} />
    </>
  );
}
