/** Names of granted models, folded after a few; `all-…` grants are said in words. */
import { Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export function ModelNames({ models, shown = 2 }: { models: readonly string[]; shown?: number }) {
  const { t } = useTranslation();
  if (models.length === 0) return <span className="lm-subtle">{t('noModels')}</span>;
  const words: Record<string, string> = {
    'all-proxy-models': t('allModels'),
    'all-open-models': t('allOpenModels'),
    'all-team-models': t('allTeamModels'),
  };
  return (
    <LabelGroup
      numLabels={shown}
      aria-label={t('models')}
      collapsedText={t('nMore', { count: models.length - shown })}
      expandedText={t('showLess')}
    >
      {models.map((model) => (
        <Label key={model} isCompact textMaxWidth="18ch">
          {words[model] ?? model}
        </Label>
      ))}
    </LabelGroup>
  );
}
