/** The row above a list: search, filters, and how many there are. */
import {
  Button,
  SearchInput,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
} from '@patternfly/react-core';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { integer } from '@/shared/format';

import type { ListState } from './useListState';

const TYPING_PAUSE_MS = 250;

interface ListToolsProps {
  list: ListState;
  total: number;
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
        <ToolbarItem className="lm-found">
          <span className="lm-subtle lm-figure" aria-live="polite">
            {t('nFound', { count: total, found: integer(total) })}
          </span>
        </ToolbarItem>
      </ToolbarContent>
    </Toolbar>
  );
}
