/** Sorting, search and filters of a list, kept in the address so that a view can be shared. */
import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { Query } from '@/api/http';

const RESERVED = new Set(['sort', 'search']);

export interface ListState {
  /** Field name, with `-` before it for descending. */
  sort: string;
  search: string;
  filter: (name: string) => string[];
  hasFilters: boolean;
  /** What the server is asked, of whichever page. */
  query: Query;
  change: (changes: Record<string, string | readonly string[] | null>) => void;
  clear: () => void;
}

export function useListState(defaultSort: string, filters: readonly string[] = [], defaultFilters: Record<string, string> = {}): ListState {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback<ListState['change']>(
    (changes) =>
      setParameters(
        (before) => {
          const after = new URLSearchParams(before);
          for (const [name, value] of Object.entries(changes)) {
            after.delete(name);
            for (const single of typeof value === 'object' && value !== null ? value : [value]) {
              if (single !== null && (single !== '' || name in defaultFilters)) after.append(name, single);
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
    const sort = parameters.get('sort') ?? defaultSort;
    const search = parameters.get('search') ?? '';
    const own = filters.filter((name) => !RESERVED.has(name));
    return {
      sort,
      search,
      filter,
      hasFilters: search !== '' || own.some((name) => filter(name).length > 0),
      query: { sort, search, ...Object.fromEntries(own.map((name) => [name, filter(name)])) },
      change,
      clear,
    };
  }, [parameters, defaultSort, filters, defaultFilters, change, clear]);
}
