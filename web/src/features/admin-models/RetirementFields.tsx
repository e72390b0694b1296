/** How a model goes out of use: from when nobody should begin with it, from when it may be gone, and what to use then. */
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import { SelectField, TextField } from '@/shared/fields/Fields';

export interface Retirement {
  /** Days, or empty. */
  deprecatedOn: string;
  sunsetOn: string;
  /** Public name of another model, or empty. */
  successor: string;
}

interface RetirementFieldsProps {
  name: string;
  value: Retirement;
  onChange: (value: Retirement) => void;
}

export function RetirementFields({ name, value: { deprecatedOn, sunsetOn, successor }, onChange }: RetirementFieldsProps) {
  const { t } = useTranslation('adminModels');
  const models = useGet('/models', { query: { page_size: 200, sort: 'name', access: 'all' } });
  const others = (models.data?.items ?? []).map((model) => model.name).filter((one) => one !== name);
  const value = { deprecatedOn, sunsetOn, successor };
  return (
    <div className="lm-fields">
      <TextField type="date" label={t('deprecatedOn')} help={t('deprecatedOnHelp')} value={deprecatedOn} onChange={(day) => onChange({ ...value, deprecatedOn: day })} />
      <TextField type="date" label={t('sunsetOn')} help={t('sunsetOnHelp')} value={sunsetOn} onChange={(day) => onChange({ ...value, sunsetOn: day })} />
      <SelectField
        label={t('successor')}
        help={t('successorHelp')}
        value={successor}
        options={['', ...new Set([...others, ...(successor ? [successor] : [])])].map((one) => ({ value: one, label: one || t('noSuccessor') }))}
        onChange={(chosen) => onChange({ ...value, successor: chosen })}
      />
    </div>
  );
}
