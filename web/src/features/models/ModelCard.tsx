/** A model at a glance: what it can do, how much it reads, what it costs, and whether I may call it. */
import { Card, CardBody, CardFooter, CardTitle, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isMode } from '@/api/choices';
import type { CatalogueModel } from '@/api/types';
import { compact } from '@/shared/format';
import { AccessLabel, HealthLabel } from '@/shared/States';

import { ModelAction } from './ModelAction';
import { modelPath } from './modelPath';
import { PriceText } from './PriceText';
import { Retirement } from './Retirement';

export function CapabilityLabels({ model }: { model: CatalogueModel }) {
  const { t } = useTranslation('models');
  return (
    <LabelGroup numLabels={3} aria-label={t('capabilities')}>
      {[isMode(model.mode) ? t(`mode.${model.mode}`) : model.mode, ...model.capabilities.map((one) => t(`capability.${one}`))].map((text, index) => (
        <Label key={text} isCompact color={index === 0 ? 'blue' : 'grey'}>
          {text}
        </Label>
      ))}
    </LabelGroup>
  );
}

export function ModelCard({ model }: { model: CatalogueModel }) {
  const { t } = useTranslation('models');
  return (
    <Card className="lm-card--fill" component="article">
      <CardTitle component="h2">
        <div className="lm-stack lm-stack--tight">
          <Link to={modelPath(model.name)} className="lm-break">
            {model.name}
          </Link>
          <small className="lm-subtle">{model.provider_title}</small>
        </div>
      </CardTitle>
      <CardBody>
        <div className="lm-stack">
          {model.description && <p>{model.description}</p>}
          <CapabilityLabels model={model} />
          <div className="lm-stack lm-stack--tight">
            <PriceText prices={model.prices} />
            {model.max_input_tokens !== null && (
              <span className="lm-subtle">{t('context', { tokens: compact(model.max_input_tokens) })}</span>
            )}
          </div>
          <Retirement model={model} />
        </div>
      </CardBody>
      <CardFooter>
        <div className="lm-row lm-row--between">
          <span className="lm-row">
            <AccessLabel access={model.access} />
            <HealthLabel health={model.health} />
          </span>
          <ModelAction model={model} variant="secondary" />
        </div>
      </CardFooter>
    </Card>
  );
}
