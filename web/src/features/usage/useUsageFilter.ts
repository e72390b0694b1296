/** The filter of a usage page, kept in the address. */
import { useMemo } from 'react';
import { useSearchParams } from 'react-router';

import type { Query } from '@/api/http';
import type { Dimension } from '@/api/types';

import { SPANS, spanOf, type Span } from './span';

const LISTS = ['models', 'keys', 'users', 'teams', 'providers', 'values'] as const;
export type FilterList = (typeof LISTS)[number];

export interface UsageFilterState {
  /** Days of the preset span, or null for one with two chosen ends. */
  days: number | null;
  span: Span;
  groupBy: Dimension;
  /** The label that usage is told apart by, where that is asked. */
  label: string | undefined;
  query: Query & Span;
  /** The same, told apart. */
  grouped: Query & Span;
  list: (name: FilterList) => string[];
  hasFilters: boolean;
  change: (changes: Record<string, string | readonly string[] | null>) => void;
}

export function useUsageFilter(): UsageFilterState {
  const [parameters, setParameters] = useSearchParams();
  return useMemo(() => {
    const since = parameters.get('since');
    const until = parameters.get('until');
    const custom = since && until ? { since, until } : null;
    const days = Number(parameters.get('days') ?? SPANS[1]);
    const span = custom ?? spanOf(days);
    const list = (name: FilterList) => parameters.getAll(name);
    const groupBy = (parameters.get('by') ?? 'model') as Dimension;
    const query = { ...span, ...Object.fromEntries(LISTS.map((name) => [name, list(name)])) };
    return {
      days: custom ? null : days,
      span,
      groupBy,
      label: parameters.get('label') ?? undefined,
      query,
      grouped: { ...query, group_by: groupBy },
      list,
      hasFilters: LISTS.some((name) => parameters.has(name)),
      change: (changes) =>
        setParameters(
          (before) => {
            const after = new URLSearchParams(before);
            for (const [name, value] of Object.entries(changes)) {
              after.delete(name);
              for (const single of Array.isArray(value) ? (value as readonly string[]) : [value]) {
                if (single !== null && single !== '') after.append(name, String(single));
              }
            }
            return after;
          },
          { replace: true },
        ),
    };
  }, [parameters, setParameters]);
}
