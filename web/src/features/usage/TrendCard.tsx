/** Figures by day, as a chart or as the table behind it. */
import { Button, Card, CardBody, CardHeader, CardTitle, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Trend, TrendPoint } from '@/api/types';
import { seriesClass, StackedBars, type Series } from '@/shared/charts/StackedBars';
import { shortDay } from '@/shared/format';
import { DataTable } from '@/shared/table/DataTable';

import { formatOf, METRICS, tickFormatOf, valueOf, type Metric } from './metrics';

interface TrendCardProps {
  title: string;
  trend: Trend;
  /** The days of the axis; without them, those that have a point. */
  days?: readonly string[];
  extra?: ReactNode;
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="lm-legend">
      {series.map((one, index) => (
        <li key={one.name}>
          <svg className="lm-swatch" aria-hidden="true">
            <rect width="12" height="12" className={seriesClass(one, index)} />
          </svg>
          {one.name}
        </li>
      ))}
    </ul>
  );
}

export function TrendCard({ title, trend, days: givenDays, extra }: TrendCardProps) {
  const { t } = useTranslation('usage');
  const [metric, setMetric] = useState<Metric>('cost');
  const [asTable, setAsTable] = useState(false);
  const days = givenDays ?? [...new Set(trend.series.flatMap((series) => series.points.map((point) => point.day)))].sort();
  const series = trend.series.map((one): Series => {
    const byDay = new Map<string, TrendPoint>(one.points.map((point) => [point.day, point]));
    return {
      name: one.id === '' ? t('others') : one.name,
      isRest: one.id === '',
      values: days.map((day) => {
        const point = byDay.get(day);
        return point ? valueOf(metric, point) : 0;
      }),
    };
  });
  const format = formatOf(metric);
  const heading = `${title}: ${t(`metric.${metric}`)}`;
  return (
    <Card>
      <CardHeader
        actions={{
          actions: (
            <>
              {extra}
              <ToggleGroup isCompact aria-label={t('figure')}>
                {METRICS.map((one) => (
                  <ToggleGroupItem key={one} buttonId={`${title}-${one}`} text={t(`metric.${one}`)} isSelected={metric === one} onChange={() => setMetric(one)} />
                ))}
              </ToggleGroup>
              <Button variant="link" onClick={() => setAsTable(!asTable)}>
                {t(asTable ? 'showChart' : 'showTable')}
              </Button>
            </>
          ),
          hasNoOffset: true,
        }}
      >
        <CardTitle component="h2">{title}</CardTitle>
      </CardHeader>
      <CardBody>
        {asTable ? (
          <DataTable
            label={heading}
            rows={days.map((day, index) => ({ day, index })).reverse()}
            rowId={(row) => row.day}
            rowName={(row) => row.day}
            columns={[
              { title: t('day'), cell: (row) => shortDay(row.day) },
              ...series.map((one) => ({ title: one.name, isFigure: true, cell: (row: { index: number }) => format(one.values[row.index] ?? 0) })),
            ]}
          />
        ) : (
          <>
            <StackedBars title={heading} days={days} series={series} format={format} tickFormat={tickFormatOf(metric)} />
            {series.length > 1 && <Legend series={series} />}
          </>
        )}
      </CardBody>
    </Card>
  );
}
