/** How a model goes out of use: from when nobody should begin with it, from when it may be gone, and what to use then. */
import { useTranslation } from 'react-i18next';

import { TextField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { useChoices } from '@/shared/fields/useChoices';

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
  const { choices, onSearch } = useChoices({ path: '/models', query: { sort: 'name', access: 'all' }, choiceOf: (model) => ({ value: model.name, label: model.name }) });
  const value = { deprecatedOn, sunsetOn, successor };
  return (
    <div className="lm-fields">
      <TextField type="date" label={t('deprecatedOn')} help={t('deprecatedOnHelp')} value={deprecatedOn} onChange={(day) => onChange({ ...value, deprecatedOn: day })} />
      <TextField type="date" label={t('sunsetOn')} help={t('sunsetOnHelp')} value={sunsetOn} onChange={(day) => onChange({ ...value, sunsetOn: day })} />
      <MultiSelect
        label={t('successor')}
        help={t('successorHelp')}
        most={1}
        placeholder={t('noSuccessor')}
        value={successor ? [successor] : []}
        choices={choices.filter((model) => model.value !== name)}
        onSearch={onSearch}
        onChange={([chosen = '']) => onChange({ ...value, successor: chosen })}
      />
    </div>
  );
}
