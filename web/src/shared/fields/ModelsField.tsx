/** Which models somebody may be given; nothing chosen grants nothing. */
import { useTranslation } from 'react-i18next';

import { MultiSelect } from './MultiSelect';
import { useChoices } from './useChoices';

export function ModelsField({ value, onChange }: { value: readonly string[]; onChange: (value: string[]) => void }) {
  const { t } = useTranslation();
  const models = useChoices({
    path: '/models',
    query: { sort: 'name', access: 'all' },
    choiceOf: ({ name, provider }) => ({ value: name, label: name, description: provider }),
    first: [
      { value: 'all-open-models', label: t('allOpenModels') },
      { value: 'all-proxy-models', label: t('allModels') },
    ],
  });
  return <MultiSelect label={t('models')} help={t('modelsFieldHelp')} value={value} {...models} onChange={onChange} />;
}
