/** Page, sorting, search and filters of a list, kept in the address so that a view can be shared. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { Query } from '@/api/http';

export const PAGE_SIZES = [25, 50, 100, 200] as const;
const RESERVED = new Set(['page', 'page_size', 'sort', 'search']);

export interface ListState {
  page: number;
  pageSize: number;
  /** Field name, with `-` before it for descending. */
  sort: string;
  search: string;
  filter: (name: string) => string[];
  hasFilters: boolean;
  /** What the server is asked. */
  query: Query;
  /** Changes parameters; anything but a turn of the page goes back to the first one. */
  change: (changes: Record<string, string | number | readonly string[] | null>) => void;
  clear: () => void;
}

export function useListState(defaultSort: string, filters: readonly string[] = [], defaultFilters: Record<string, string> = {}): ListState {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback<ListState['change']>(
    (changes) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          if (!('page' in changes)) after.delete('page');
          for (const [name, value] of Object.entries(changes)) {
            after.delete(name);
            for (const single of Array.isArray(value) ? (value as readonly string[]) : [value]) {
              if (single !== null && (single !== '' || name in defaultFilters)) after.append(name, String(single));
            }
          }
          return after;
        },
        { replace: true },
      ),
    [setParameters, defaultFilters],
  );
  const clear = useCallback(
    () => change({ search: null, ...Object.fromEntries(filters.map((name) => [name, name in defaultFilters ? '' : null] as const)) }),
    [change, filters, defaultFilters],
  );
  return useMemo(() => {
    const filter = (name: string): string[] => {
      const given = parameters.getAll(name);
      if (given.length === 0 && name in defaultFilters) return [defaultFilters[name] ?? ''].filter(Boolean);
      return given.filter(Boolean);
    };
    const page = Number(parameters.get('page') ?? 1);
    const pageSize = Number(parameters.get('page_size') ?? PAGE_SIZES[0]);
    const sort = parameters.get('sort') ?? defaultSort;
    const search = parameters.get('search') ?? '';
    const own = filters.filter((name) => !RESERVED.has(name));
    return {
      page,
      pageSize,
      sort,
      search,
      filter,
      hasFilters: search !== '' || own.some((name) => filter(name).length > 0),
      query: { page, page_size: pageSize, sort, search, ...Object.fromEntries(own.map((name) => [name, filter(name)])) },
      change,
      clear,
    };
  }, [parameters, defaultSort, filters, defaultFilters, change, clear]);
}
