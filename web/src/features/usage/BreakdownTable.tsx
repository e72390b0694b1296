/** Who or what used how much, the most expensive first. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { BreakdownRow } from '@/api/types';
import { Money } from '@/shared/Figures';
import { compact, integer, percent } from '@/shared/format';
import { DataTable, type Column } from '@/shared/table/DataTable';

interface BreakdownTableProps {
  label: string;
  nameTitle: string;
  rows: readonly BreakdownRow[];
  /** Only name, requests and cost. */
  isShort?: boolean;
}

type SortField = 'name' | 'cost' | 'requests' | 'input_tokens' | 'output_tokens' | 'failed_requests';

function sorted(rows: readonly BreakdownRow[], sort: string): BreakdownRow[] {
  const field = sort.replace('-', '') as SortField;
  const sign = sort.startsWith('-') ? -1 : 1;
  return [...rows].sort((a, b) => sign * (field === 'name' ? a.name.localeCompare(b.name) : Number(a[field]) - Number(b[field])));
}

export function BreakdownTable({ label, nameTitle, rows, isShort }: BreakdownTableProps) {
  const { t } = useTranslation('usage');
  const [sort, setSort] = useState('-cost');
  if (rows.length === 0) return <p className="lm-subtle">{t('noUse')}</p>;
  const short: Column<BreakdownRow>[] = [
    { title: nameTitle, sort: 'name', cell: (row) => row.name, modifier: 'breakWord' },
    { title: t('metric.requests'), sort: 'requests', isFigure: true, cell: (row) => integer(row.requests) },
    { title: t('metric.cost'), sort: 'cost', isFigure: true, cell: (row) => <Money amount={row.cost} /> },
  ];
  const full: Column<BreakdownRow>[] = [
    ...short,
    { title: t('inputTokens'), sort: 'input_tokens', isFigure: true, cell: (row) => <span title={integer(row.input_tokens)}>{compact(row.input_tokens)}</span> },
    { title: t('outputTokens'), sort: 'output_tokens', isFigure: true, cell: (row) => <span title={integer(row.output_tokens)}>{compact(row.output_tokens)}</span> },
    {
      title: t('failed'),
      sort: 'failed_requests',
      isFigure: true,
      cell: (row) => (row.failed_requests > 0 ? `${integer(row.failed_requests)} (${percent(row.failed_requests / row.requests)})` : '0'),
    },
  ];
  return (
    <DataTable
      label={label}
      rows={sorted(rows, sort)}
      columns={isShort ? short : full}
      rowId={(row) => row.id}
      rowName={(row) => row.name}
      sort={sort}
      onSort={isShort ? undefined : setSort}
    />
  );
}
