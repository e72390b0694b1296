/** Everything about one model, and the way to call it. */
import { Card, CardBody, CardTitle, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { useGet } from '@/api/query';
import type { CatalogueModel } from '@/api/types';
import { Facts } from '@/shared/Facts';
import { integer, price } from '@/shared/format';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { AccessLabel, HealthLabel } from '@/shared/States';

import { ModelAction } from './ModelAction';
import { CapabilityLabels } from './ModelCard';
import { PriceText } from './PriceText';
import { Retirement } from './Retirement';
import { SnippetTabs } from './SnippetTabs';

function ModelFacts({ model }: { model: CatalogueModel }) {
  const { t } = useTranslation('models');
  const tokens = (value: number | null) => (value === null ? t('unknown') : integer(value));
  return (
    <Facts
      facts={[
        [t('provider'), model.provider_title],
        [t('capabilities'), <CapabilityLabels key="capabilities" model={model} />],
        [t('maxInput'), tokens(model.max_input_tokens)],
        [t('maxOutput'), tokens(model.max_output_tokens)],
        [t('price'), <PriceText key="price" prices={model.prices} />],
        ...(model.prices.cached_input_per_million ? [[t('priceCached'), t('priceTokens', { price: price(model.prices.cached_input_per_million) })] as const] : []),
        ...(model.access_groups.length ? [[t('accessGroups'), model.access_groups.join(', ')] as const] : []),
      ]}
    />
  );
}

export function ModelPage() {
  const { t } = useTranslation('models');
  const name = useParams()['*'] ?? '';
  const query = useGet('/models/{name}', { path: { name } });
  const model = query.data;
  return (
    <>
      <PageHeading
        title={name}
        purpose={model?.description}
        aside={
          model && (
            <>
              <AccessLabel access={model.access} />
              <HealthLabel health={model.health} />
            </>
          )
        }
        action={model && <ModelAction model={model} />}
      />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {(loaded) => (
            <div className="lm-stack">
              <Retirement model={loaded} />
              <Card>
                <CardTitle component="h2">{t('facts')}</CardTitle>
                <CardBody>
                  <ModelFacts model={loaded} />
                </CardBody>
              </Card>
              <Card>
                <CardTitle component="h2">{t('howToCall')}</CardTitle>
                <CardBody>
                  <SnippetTabs model={loaded.name} mode={loaded.mode} />
                </CardBody>
              </Card>
            </div>
          )}
        </Loaded>
      </PageSection>
    </>
  );
}
