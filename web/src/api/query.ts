/** Server state: how long an answer is good, when to ask again, and what a change makes stale. */
import { QueryCache, QueryClient, useMutation, useQuery, useQueryClient, keepPreviousData } from '@tanstack/react-query';
import type { UseMutationResult, UseQueryResult } from '@tanstack/react-query';

import type { Answer, Given, Options, PathOf } from './contract';
import { ApiError, filled, send, type PathValues, type Query } from './http';

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

export interface Reading {
  enabled?: boolean;
  /** Milliseconds between looks, for figures that move while the page is open. */
  refreshEvery?: number;
}

/** How the resource at an address is read, for queries that are made anywhere. */
export const readingOf = <T>(address: string, query: Query = {}): { queryKey: readonly [string, Query]; queryFn: (context: { signal: AbortSignal }) => Promise<T> } => ({
  queryKey: [address, query],
  queryFn: async ({ signal }) => (await (await send('get', address, { query, signal })).json()) as T,
});

/** Reads the resource at an address that only a caller's type parameters know; all others have `useGet`. */
export function useRead<T>(address: string, { query = {}, enabled = true, refreshEvery }: Reading & { query?: Query } = {}): UseQueryResult<T> {
  return useQuery({
    ...readingOf<T>(address, query),
    enabled,
    refetchInterval: refreshEvery ?? false,
    // The old page stays visible while the next one is on its way.
    placeholderData: keepPreviousData,
  });
}

/** Reads one resource as the contract has it. */
export function useGet<P extends PathOf<'get'>>(path: P, ...[given]: Given<Options<'get', P> & Reading>): UseQueryResult<Answer<'get', P>> {
  const { path: values, ...reading } = (given ?? {}) as Reading & { path?: PathValues; query?: Query };
  return useRead(filled(path, values), reading);
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
