/** Is the system well? */
import { Alert, Button, Card, CardBody, CardTitle, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { segment } from '@/api/http';
import { useGet } from '@/api/query';
import type { Overview as OverviewFigures } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { TrendCard } from '@/features/usage/TrendCard';
import { BudgetBar } from '@/shared/BudgetBar';
import { Money } from '@/shared/Figures';
import { integer, milliseconds, percent } from '@/shared/format';
import { Empty, Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';
import { HealthLabel } from '@/shared/States';
import { DataTable } from '@/shared/table/DataTable';
import { Tile } from '@/shared/Tile';

const LIVE_MS = 10_000;

function Unhealthy({ unhealthy }: Pick<OverviewFigures, 'unhealthy'>) {
  const { t } = useTranslation('overview');
  if (unhealthy.length === 0) return <p className="lm-subtle">{t('allHealthy')}</p>;
  return (
    <DataTable
      label={t('unhealthy')}
      rows={unhealthy}
      rowId={(row) => row.deployment_id}
      rowName={(row) => row.model}
      columns={[
        { title: t('model'), cell: (row) => <Link to={`/admin/models/edit/${segment(row.model)}`}>{row.model}</Link>, modifier: 'breakWord' },
        { title: t('health'), cell: (row) => <HealthLabel health={row.health} /> },
        { title: t('apiBase'), cell: (row) => row.api_base ?? '–', modifier: 'breakWord' },
        { title: t('lastError'), cell: (row) => row.last_error ?? '–', modifier: 'breakWord' },
      ]}
    />
  );
}

function Tiles({ figures }: { figures: OverviewFigures }) {
  const { t } = useTranslation('overview');
  const { first_token_ms_p50: p50, first_token_ms_p95: p95, budget } = figures;
  return (
    <div className="lm-tiles">
      <Tile
        name={t('requestsToday')}
        value={integer(figures.requests_today)}
        note={t('failedToday', {
          count: figures.failed_today,
          share: percent(figures.requests_today > 0 ? figures.failed_today / figures.requests_today : 0),
        })}
      />
      <Tile name={t('firstToken')} value={p50 === null ? '–' : milliseconds(p50)} note={p95 === null ? undefined : t('p95', { value: milliseconds(p95) })} />
      <Tile
        name={t('spentToday')}
        value={<Money amount={figures.spend_today} />}
        note={
          budget ? (
            <BudgetBar spent={budget.spent} maximum={budget.max_budget} resetsAt={budget.window_resets_at} label={t('globalBudget')} />
          ) : (
            t('noGlobalBudget')
          )
        }
      />
      <Tile
        name={t('serving')}
        value={integer(figures.models_count)}
        note={t('keysAndUsers', { keys: integer(figures.keys_count), users: integer(figures.users_count) })}
      />
    </div>
  );
}

export function Overview() {
  const { t } = useTranslation('overview');
  const query = useGet('/admin/overview', { refreshEvery: LIVE_MS });
  const mayAdminister = useMayAdminister();
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} />
      <PageSection hasBodyWrapper={false}>
        <Loaded query={query}>
          {(figures) => (
            <div className="lm-stack">
              {figures.models_count === 0 && (
                <Empty
                  title={t('emptyTitle')}
                  lesson={t('emptyLesson')}
                  action={mayAdminister && <Button component={(link) => <Link {...link} to="/admin/models/add" />}>{t('addModel')}</Button>}
                />
              )}
              {figures.open_requests > 0 && (
                <Alert component="h2"
                  isInline
                  variant="info"
                  title={t('openRequests', { count: figures.open_requests })}
                  actionLinks={<Link to="/admin/access-requests">{t('decide')}</Link>}
                />
              )}
              <Tiles figures={figures} />
              <TrendCard title={t('traffic')} trend={{ series: [{ id: 'all', name: t('traffic'), points: figures.trend }] }} />
              <Card>
                <CardTitle component="h2">{t('unhealthy')}</CardTitle>
                <CardBody>
                  <Unhealthy unhealthy={figures.unhealthy} />
                </CardBody>
              </Card>
            </div>
          )}
        </Loaded>
      </PageSection>
    </>
  );
}
