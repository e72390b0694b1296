/** The row above a list: search, filters, what is chosen, and the pages. */
import {
  Button,
  Pagination,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { PAGE_SIZES, type ListState } from './useListState';

const TYPING_PAUSE_MS = 250;

interface ListToolsProps {
  list: ListState;
  total: number | undefined;
  searchLabel?: string;
  children?: ReactNode;
}

export function ListSearch({ list, label }: { list: ListState; label: string }) {
  const [typed, setTyped] = useState(list.search);
  const { search, change } = list;
  useEffect(() => {
    if (typed === search) return undefined;
    const pause = setTimeout(() => change({ search: typed || null }), TYPING_PAUSE_MS);
    return () => clearTimeout(pause);
  }, [typed, search, change]);
  return (
    <SearchInput
      value={typed}
      placeholder={label}
      aria-label={label}
      onChange={(_, text) => setTyped(text)}
      onClear={() => {
        setTyped('');
        change({ search: null });
      }}
    />
  );
}

export function ListPages({ list, total, isCompact }: { list: ListState; total: number; isCompact?: boolean }) {
  const { t } = useTranslation();
  return (
    <Pagination
      isCompact={isCompact}
      variant={isCompact ? 'top' : 'bottom'}
      widgetId={isCompact ? 'pages-top' : 'pages-bottom'}
      itemCount={total}
      page={list.page}
      perPage={list.pageSize}
      perPageOptions={PAGE_SIZES.map((size) => ({ title: String(size), value: size }))}
      titles={{ paginationAriaLabel: isCompact ? t('pagesTop') : t('pagesBottom') }}
      onSetPage={(_, page) => list.change({ page })}
      onPerPageSelect={(_, size) => list.change({ page_size: size })}
    />
  );
}

export function ListTools({ list, total, searchLabel, children }: ListToolsProps) {
  const { t } = useTranslation();
  return (
    <Toolbar inset={{ default: 'insetNone' }}>
      <ToolbarContent rowWrap={{ default: 'wrap' }}>
        {searchLabel && (
          <ToolbarItem className="lm-search">
            <ListSearch key={list.hasFilters ? 'filtered' : 'all'} list={list} label={searchLabel} />
          </ToolbarItem>
        )}
        {children && <ToolbarGroup variant="filter-group" rowWrap={{ default: 'wrap' }}>{children}</ToolbarGroup>}
        {list.hasFilters && (
          <ToolbarItem>
            <Button variant="link" onClick={list.clear}>
              {t('clearFilters')}
            </Button>
          </ToolbarItem>
        )}
        {total !== undefined && total > PAGE_SIZES[0] && (
          <ToolbarItem variant="pagination">
            <ListPages list={list} total={total} isCompact />
          </ToolbarItem>
        )}
      </ToolbarContent>
    </Toolbar>
  );
}
