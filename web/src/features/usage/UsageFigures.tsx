/** The figures of usage under a filter: sums, over time, told apart, and by weekday. */
import { Card, CardBody, CardHeader, CardTitle, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

import type { Answer } from '@/api/contract';
import { useRead } from '@/api/query';
import type { Dimension, Trend, UsageSummary } from '@/api/types';
import { CalendarHeatmap } from '@/shared/charts/CalendarHeatmap';
import { Loaded } from '@/shared/Notices';

import { BreakdownTable } from './BreakdownTable';
import type { FilterChoices } from './filterChoices';
import { daysOf } from './span';
import { SummaryTiles } from './SummaryTiles';
import { TrendCard } from './TrendCard';
import { UsageFilters } from './UsageFilters';
import type { UsageFilterState } from './useUsageFilter';

const LIVE_MS = 30_000;
const MOST_ROWS = 200;

/** Where usage is asked for; the same questions are answered below each. */
export type UsageAddress = '/usage' | '/admin/usage' | `/teams/${string}/usage`;

interface UsageFiguresProps {
  address: UsageAddress;
  filter: UsageFilterState;
  dimensions: readonly Dimension[];
  choices: readonly FilterChoices[];
}

export function UsageFigures({ address, filter, dimensions, choices }: UsageFiguresProps) {
  const { t } = useTranslation('usage');
  const { query } = filter;
  const grouped = { ...query, group_by: filter.groupBy };
  const summary = useRead<UsageSummary>(`${address}/summary`, { query, refreshEvery: LIVE_MS });
  const trend = useRead<Trend>(`${address}/trend`, { query: grouped, refreshEvery: LIVE_MS });
  const breakdown = useRead<Answer<'get', '/usage/breakdown'>>(`${address}/breakdown`, { query: { ...grouped, page_size: MOST_ROWS }, refreshEvery: LIVE_MS });
  const heatmap = useRead<Answer<'get', '/usage/heatmap'>>(`${address}/heatmap`, { query });
  return (
    <div className="lm-stack">
      <UsageFilters filter={filter} choices={choices} />
      <Loaded query={summary} lines={2}>
        {(data) => <SummaryTiles summary={data} />}
      </Loaded>
      <Loaded query={trend}>{(data) => <TrendCard title={t('overTime')} trend={data} days={daysOf(filter.span)} />}</Loaded>
      <Card>
        <CardHeader
          actions={{
            hasNoOffset: true,
            actions: (
              <ToggleGroup isCompact className="lm-wrap" aria-label={t('groupBy')}>
                {dimensions.map((dimension) => (
                  <ToggleGroupItem
                    key={dimension}
                    text={t(`dimension.${dimension}`)}
                    isSelected={filter.groupBy === dimension}
                    onChange={() => filter.change({ by: dimension })}
                  />
                ))}
              </ToggleGroup>
            ),
          }}
        >
          <CardTitle component="h2">{t('breakdown')}</CardTitle>
        </CardHeader>
        <CardBody>
          <Loaded query={breakdown}>
            {(data) => <BreakdownTable label={t('breakdown')} nameTitle={t(`dimension.${filter.groupBy}`)} rows={data.items} />}
          </Loaded>
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
  );
}
