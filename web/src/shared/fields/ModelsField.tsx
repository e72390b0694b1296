/** Which models somebody may be given; nothing chosen grants nothing. */
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';

import { MultiSelect } from './MultiSelect';

export function ModelsField({ value, onChange }: { value: readonly string[]; onChange: (value: string[]) => void }) {
  const { t } = useTranslation();
  const models = useGet('/models', { query: { page_size: 200, sort: 'name', access: 'all' } });
  const choices = [
    { value: 'all-open-models', label: t('allOpenModels') },
    { value: 'all-proxy-models', label: t('allModels') },
    ...(models.data?.items ?? []).map((model) => ({ value: model.name, label: model.name, description: model.provider })),
  ];
  return <MultiSelect label={t('models')} help={t('modelsFieldHelp')} value={value} choices={choices} onChange={onChange} />;
}
