/** What stands around every list: its tools, its empty state, and what to say where nothing matches. */
import { Button } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import type { Item, ListPath } from '@/api/contract';
import { useRead } from '@/api/query';
import { Empty, Loaded } from '@/shared/Notices';

import { ListTools } from './ListTools';
import { pageQuery, type ListPage } from './useListPages';
import type { ListState } from './useListState';

export interface Framed<P extends ListPath> {
  path: P;
  list: ListState;
  searchLabel?: string;
  filters?: ReactNode;
  /** Shown in place of the list while nothing exists at all. */
  empty: ReactNode;
  refreshEvery?: number;
}

interface ListFrameProps<P extends ListPath> extends Framed<P> {
  /** The list itself, by its first page. */
  children: (first: ListPage<Item<P>>) => ReactNode;
}

export function ListFrame<P extends ListPath>({ path, list, searchLabel, filters, empty, refreshEvery, children }: ListFrameProps<P>) {
  const { t } = useTranslation();
  const query = useRead<ListPage<Item<P>>>(path, { query: pageQuery(list.query, 1), refreshEvery });
  return (
    <Loaded query={query} lines={8}>
      {(first) => {
        if (first.total === 0 && !list.hasFilters) return empty;
        return (
          <>
            <ListTools list={list} total={first.total} searchLabel={searchLabel}>
              {filters}
            </ListTools>
            {first.total > 0 ? (
              children(first)
            ) : (
              <Empty
                title={t('nothingFound')}
                lesson={t('nothingFoundLesson')}
                action={
                  <Button variant="link" onClick={list.clear}>
                    {t('clearFilters')}
                  </Button>
                }
              />
            )}
          </>
        );
      }}
    </Loaded>
  );
}
