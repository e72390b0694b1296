/** The pages of a list that are looked at: the server sorts and filters, the browser holds what is on the screen. */
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';

import type { Query } from '@/api/http';
import { readingOf } from '@/api/query';

export const ROWS_AT_ONCE = 50;

/** A page of a list as the server answers it. */
export interface ListPage<T> {
  items: readonly T[];
  total: number;
}

/** What the server is asked for one page of a list. */
export const pageQuery = (query: Query, page: number): Query => ({ ...query, page, page_size: ROWS_AT_ONCE });

interface Looking {
  /** The first and the last row that is wanted, counted from 0. */
  from: number;
  to: number;
  isScrolling: boolean;
}

const pageOf = (index: number): number => Math.floor(index / ROWS_AT_ONCE) + 1;

/** The pages to fetch. Those that are flung past are not asked for: only where scrolling rests, or goes on to the next page. */
function useWantedPages({ from, to, isScrolling }: Looking): number[] {
  const [first, last] = [pageOf(from), pageOf(to)];
  const [kept, keep] = useState([first, last] as const);
  const isNear = first <= kept[1] && last >= kept[0];
  if ((first !== kept[0] || last !== kept[1]) && (isNear || !isScrolling)) keep([first, last]);
  return Array.from({ length: kept[1] - kept[0] + 1 }, (_, offset) => kept[0] + offset);
}

interface ListRows<T> {
  /** The row at an index, as far as its page is here. */
  rowAt: (index: number) => T | undefined;
  error: Error | null;
}

/** Reads what is looked at. */
export function useListPages<T>(path: string, query: Query, looking: Looking, refreshEvery?: number): ListRows<T> {
  const wanted = useWantedPages(looking);
  const pages = useQueries({
    queries: wanted.map((page) => ({ ...readingOf<ListPage<T>>(path, pageQuery(query, page)), refetchInterval: refreshEvery ?? (false as const) })),
  });
  return {
    rowAt: (index) => pages[pageOf(index) - (wanted[0] ?? 1)]?.data?.items[index % ROWS_AT_ONCE],
    error: pages.find((page) => page.error)?.error ?? null,
  };
}
