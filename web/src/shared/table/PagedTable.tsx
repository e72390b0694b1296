/** A list with everything around it: tools, table, pages, its empty and its failed state. */
import { Button } from '@patternfly/react-core';
import type { IAction } from '@patternfly/react-table';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Item, ListPath } from '@/api/contract';
import { useRead } from '@/api/query';
import { Empty, Loaded } from '@/shared/Notices';

import { DataTable, type Column } from './DataTable';
import { ListPages, ListTools } from './ListTools';
import { PAGE_SIZES, type ListState } from './useListState';

interface PagedTableProps<P extends ListPath, T> {
  label: string;
  path: P;
  list: ListState;
  columns: readonly Column<T>[];
  rowId: (row: T) => string;
  rowName: (row: T) => string;
  actions?: (row: T) => IAction[];
  selection?: { ids: ReadonlySet<string>; onChange: (ids: ReadonlySet<string>) => void };
  searchLabel?: string;
  filters?: ReactNode;
  /** Shown in place of the table while nothing exists at all. */
  empty: ReactNode;
  refreshEvery?: number;
}

export function PagedTable<P extends ListPath>({ path, list, searchLabel, filters, empty, refreshEvery, ...table }: PagedTableProps<P, Item<P>>) {
  const { t } = useTranslation();
  const query = useRead<{ items: readonly Item<P>[]; total: number }>(path, { query: list.query, refreshEvery });
  const tools = (
    <ListTools list={list} total={query.data?.total} searchLabel={searchLabel}>
      {filters}
    </ListTools>
  );
  return (
    <Loaded query={query} lines={8}>
      {({ items, total }) => {
        if (total === 0 && !list.hasFilters) return empty;
        return (
          <>
            {tools}
            {total === 0 ? (
              <Empty
                title={t('nothingFound')}
                lesson={t('nothingFoundLesson')}
                action={
                  <Button variant="link" onClick={list.clear}>
                    {t('clearFilters')}
                  </Button>
                }
              />
            ) : (
              <DataTable {...table} rows={items} sort={list.sort} onSort={(sort) => list.change({ sort })} />
            )}
            {total > PAGE_SIZES[0] && <ListPages list={list} total={total} />}
          </>
        );
      }}
    </Loaded>
  );
}
