/** A model at a glance: what it can do, how much it reads, what it costs, and whether I may call it. */
import { Card, CardBody, CardFooter, CardTitle, Content, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { isMode } from '@/api/choices';
import { segment } from '@/api/http';
import type { CatalogueModel } from '@/api/types';
import { compact } from '@/shared/format';
import { AccessLabel, HealthLabel } from '@/shared/States';

import { ModelAction } from './ModelAction';
import { PriceText } from './PriceText';

export const modelPath = (name: string): string => `/models/${segment(name)}`;

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
          <small className="lm-subtle">{model.provider}</small>
        </div>
      </CardTitle>
      <CardBody>
        <div className="lm-stack">
          {model.description && <Content component="p">{model.description}</Content>}
          <CapabilityLabels model={model} />
          <div className="lm-stack lm-stack--tight">
            <PriceText prices={model.prices} />
            {model.max_input_tokens !== null && (
              <span className="lm-subtle">{t('context', { tokens: compact(model.max_input_tokens) })}</span>
            )}
          </div>
          {model.deprecated_on && <Deprecation model={model} />}
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

export function Deprecation({ model }: { model: CatalogueModel }) {
  const { t } = useTranslation('models');
  return (
    <Label isCompact status="warning">
      {model.successor
        ? t('deprecatedFor', { day: model.deprecated_on, successor: model.successor })
        : t('deprecated', { day: model.deprecated_on })}
    </Label>
  );
}
