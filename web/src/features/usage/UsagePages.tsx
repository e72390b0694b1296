/** Where did the money go? One's own use, and for administrators everybody's. */
import { Card, CardBody, CardHeader, CardTitle, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import { useGet } from '@/api/query';
import type { Dimension } from '@/api/types';
import { CalendarHeatmap } from '@/shared/charts/CalendarHeatmap';
import { SelectField } from '@/shared/fields/Fields';
import { Loaded } from '@/shared/Notices';
import { PageHeading } from '@/shared/PageHeading';

import { BreakdownTable } from './BreakdownTable';
import { ExportMenu } from './ExportMenu';
import { daysOf } from './span';
import { SummaryTiles } from './SummaryTiles';
import { TrendCard } from './TrendCard';
import { UsageFilters } from './UsageFilters';
import { useUsageFilter } from './useUsageFilter';

const LIVE_MS = 30_000;
const MOST_ROWS = 200;
const OWN_DIMENSIONS: readonly Dimension[] = ['model', 'key', 'provider', 'endpoint'];
const ALL_DIMENSIONS: readonly Dimension[] = ['model', 'user', 'team', 'key', 'provider', 'endpoint'];

function UsagePage({ api, everyone }: { api: '/usage' | '/admin/usage'; everyone: boolean }) {
  const { t } = useTranslation('usage');
  const filter = useUsageFilter();
  const { query } = filter;
  const grouped = { ...query, group_by: filter.groupBy };
  const summary = useGet(`${api}/summary`, { query, refreshEvery: LIVE_MS });
  const trend = useGet(`${api}/trend`, { query: grouped, refreshEvery: LIVE_MS });
  const breakdown = useGet(`${api}/breakdown`, { query: { ...grouped, page_size: MOST_ROWS }, refreshEvery: LIVE_MS });
  const heatmap = useGet(`${api}/heatmap`, { query });
  const dimensions = everyone ? ALL_DIMENSIONS : OWN_DIMENSIONS;
  const by = t(`dimension.${filter.groupBy}`);
  return (
    <>
      <PageHeading
        title={t(everyone ? 'allTitle' : 'ownTitle')}
        purpose={t(everyone ? 'allPurpose' : 'ownPurpose')}
        action={<ExportMenu path={`${api}/export`} query={grouped} />}
      />
      <PageSection hasBodyWrapper={false}>
        <div className="lm-stack">
          <UsageFilters filter={filter} everyone={everyone} />
          <Loaded query={summary} lines={2}>
            {(data) => <SummaryTiles summary={data} />}
          </Loaded>
          <Loaded query={trend}>{(data) => <TrendCard title={t('overTime')} trend={data} days={daysOf(filter.span)} />}</Loaded>
          <Card>
            <CardHeader>
              <CardTitle component="h2">{t('breakdown')}</CardTitle>
            </CardHeader>
            <CardBody>
              <div className="lm-stack">
                <div className="lm-narrow">
                  <SelectField
                    label={t('groupBy')}
                    value={filter.groupBy}
                    options={dimensions.map((dimension) => ({ value: dimension, label: t(`dimension.${dimension}`) }))}
                    onChange={(dimension) => filter.change({ by: dimension })}
                  />
                </div>
                <Loaded query={breakdown}>{(data) => <BreakdownTable label={t('breakdown')} nameTitle={by} rows={data.items} />}</Loaded>
              </div>
            </CardBody>
          </Card>
          <Card>
            <CardTitle component="h2">{t('heatmap')}</CardTitle>
            <CardBody>
              <Loaded query={heatmap} lines={3}>
                {(data) => <CalendarHeatmap title={t('heatmap')} cells={data.cells.map((cell) => ({ day: cell.day, value: cell.requests }))} />}
              </Loaded>
            </CardBody>
          </Card>
        </div>
      </PageSection>
    </>
  );
}

export function OwnUsage() {
  return <UsagePage api="/usage" everyone={false} />;
}

export function AllUsage() {
  return <UsagePage api="/admin/usage" everyone />;
}
