/** Server state: how long an answer is good, when to ask again, and what a change makes stale. */
import { QueryCache, QueryClient, useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';

import { ApiError, call, type Query } from './http';

export const SESSION = ['/session'] as const;

/** A client whose 401 answers make the session be asked again, which leads to the login page. */
export function createQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== SESSION[0]) {
          void client.invalidateQueries({ queryKey: SESSION });
        }
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        // A refusal stays a refusal; only a missing answer or a 5xx is worth another try.
        retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      },
    },
  });
  return client;
}

export interface GetOptions {
  query?: Query;
  enabled?: boolean;
  /** Milliseconds between looks, for figures that move while the page is open. */
  refreshEvery?: number;
}

/** Reads one resource; the old page stays visible while the next one is on its way. */
export function useGet<T>(path: string, options: GetOptions = {}): UseQueryResult<T> {
  return useQuery<T>({
    queryKey: [path, options.query ?? {}],
    queryFn: ({ signal }) => call<T>(path, { query: options.query, signal }),
    enabled: options.enabled ?? true,
    refetchInterval: options.refreshEvery ?? false,
    placeholderData: keepPreviousData,
  });
}

/** Runs a change and then refreshes everything read from the given path prefixes. */
export function useChange<Input, Output = void>(
  change: (input: Input) => Promise<Output>,
  stale: readonly string[],
): UseMutationResult<Output, Error, Input> {
  const client = useQueryClient();
  return useMutation<Output, Error, Input>({
    mutationFn: change,
    onSettled: () =>
      client.invalidateQueries({
        predicate: ({ queryKey }) => stale.some((prefix) => String(queryKey[0]).startsWith(prefix)),
      }),
  });
}
