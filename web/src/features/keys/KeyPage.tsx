/** What does this key do? Its spend, its limits, its last errors and how to call with it. */
import { Button, Card, CardBody, CardTitle, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';

import { useGet } from '@/api/query';
import type { Key } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { SnippetTabs } from '@/features/models/SnippetTabs';
import { BreakdownTable } from '@/features/usage/BreakdownTable';
import { spanOf } from '@/features/usage/span';
import { TrendCard } from '@/features/usage/TrendCard';
import { BudgetBar } from '@/shared/BudgetBar';
import { Facts } from '@/shared/Facts';
import { Money, When } from '@/shared/Figures';
import { labelLine } from '@/shared/fields/LabelsField';
import { integer } from '@/shared/format';
import { ModelNames } from '@/shared/ModelNames';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { KeyStateLabel } from '@/shared/States';

import { CallErrorsTable } from './CallErrorsTable';
import { useKeyDeeds } from './KeyDialogs';
import { owners } from './keyColumns';
import { KeyScopeContext, useKeyScope, useMayRotate, type KeyScope } from './scope';

function KeyFacts({ item }: { item: Key }) {
  const { t } = useTranslation(['keys', 'common']);
  const limit = (value: number | null) => (value === null ? t('common:unlimited') : integer(value));
  return (
    <Facts
      facts={[
        [t('spent'), <BudgetBar key="spent" spent={item.spent} maximum={item.max_budget} resetsAt={item.window_resets_at} label={t('spent')} />],
        [t('totalSpent'), <Money key="total" amount={item.total_spent} />],
        [t('models'), <ModelNames key="models" models={item.models} shown={4} />],
        [t('owner'), owners(item).join(' · ') || '–'],
        [t('expires'), <When key="expires" instant={item.expires_at} />],
        [t('lastUsed'), <When key="used" instant={item.last_used_at} />],
        [t('common:labels'), labelLine(item.labels)],
        [t('common:field.rpm'), limit(item.rpm_limit)],
        [t('common:field.tpm'), limit(item.tpm_limit)],
        [t('common:field.parallel'), limit(item.max_parallel_requests)],
        [t('created'), <When key="created" instant={item.created_at} />],
      ]}
    />
  );
}

function KeyDetails({ item }: { item: Key }) {
  const { t } = useTranslation('keys');
  const { api } = useKeyScope();
  const path = { key_id: item.id };
  const usage = useGet(`${api}/{key_id}/usage`, { path, query: spanOf(30) });
  const errors = useGet(`${api}/{key_id}/errors`, { path });
  const model = item.models.find((name) => !name.startsWith('all-'));
  return (
    <div className="lm-stack">
      <Card>
        <CardBody>
          <KeyFacts item={item} />
        </CardBody>
      </Card>
      <Loaded query={usage}>
        {(data) => (
          <div className="lm-two">
            <TrendCard title={t('spendOverTime')} trend={{ series: [{ id: 'all', name: item.alias, points: data.trend }] }} />
            <Card>
              <CardTitle component="h2">{t('byModel')}</CardTitle>
              <CardBody>
                <BreakdownTable label={t('byModel')} nameTitle={t('model')} rows={data.by_model} isShort />
              </CardBody>
            </Card>
          </div>
        )}
      </Loaded>
      <Card>
        <CardTitle component="h2">{t('lastErrors')}</CardTitle>
        <CardBody>
          <Loaded query={errors} lines={3}>
            {(data) => <CallErrorsTable errors={data.items} isOfOneKey />}
          </Loaded>
        </CardBody>
      </Card>
      {model && (
        <Card>
          <CardTitle component="h2">{t('callWithIt')}</CardTitle>
          <CardBody>
            <SnippetTabs model={model} />
          </CardBody>
        </Card>
      )}
    </div>
  );
}

function KeyPageBody() {
  const { t } = useTranslation(['keys', 'common']);
  const { id = '' } = useParams();
  const { api, page, scope } = useKeyScope();
  const navigate = useNavigate();
  const mayAdminister = useMayAdminister();
  const mayRotate = useMayRotate();
  const query = useGet(`${api}/{key_id}`, { path: { key_id: id } });
  const { start, dialog } = useKeyDeeds(() => void navigate(page));
  const item = query.data;
  const mayChange = (scope === 'own' || mayAdminister) && item?.state !== 'revoked';
  return (
    <>
      <PageHeading
        title={item?.alias ?? t('key')}
        purpose={item && `sk-…${item.hint}`}
        aside={item && <KeyStateLabel item={item} />}
        action={
          item &&
          mayChange && (
            <>
              {mayRotate(item) && <Button onClick={() => start(item, 'rotate')}>{t('rotate')}</Button>}
              <Button variant="secondary" onClick={() => start(item, 'edit')}>
                {t('common:edit')}
              </Button>
              <Button variant="secondary" onClick={() => start(item, item.state === 'blocked' ? 'unblock' : 'block')}>
                {t(item.state === 'blocked' ? 'unblock' : 'block')}
              </Button>
              <Button variant="link" isDanger onClick={() => start(item, 'revoke')}>
                {t('revoke')}
              </Button>
            </>
          )
        }
      />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>{(loaded) => <KeyDetails item={loaded} />}</Loaded>
      </PageSection>
      {dialog}
    </>
  );
}

const inScope = (scope: KeyScope) =>
  function KeyPage() {
    return (
      <KeyScopeContext value={scope}>
        <KeyPageBody />
      </KeyScopeContext>
    );
  };

export const OwnKeyPage = inScope('own');
export const AnyKeyPage = inScope('all');
