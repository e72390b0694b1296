/** Choices out of a list of any length: the server finds them while one types. */
import { useEffect, useState } from 'react';

import type { Item, ListPath } from '@/api/contract';
import type { Query } from '@/api/http';
import { useRead } from '@/api/query';
import type { ListPage } from '@/shared/table/useListPages';

import type { Choice } from './MultiSelect';

const MOST = 200;
const TYPING_PAUSE_MS = 250;

export interface Choices {
  choices: readonly Choice[];
  /** What is typed to narrow them. */
  onSearch: (text: string) => void;
}

interface Wanted<P extends ListPath> {
  path: P;
  choiceOf: (item: Item<P>) => Choice;
  /** Whether an item can be chosen, where the server cannot be asked for such alone. */
  isOffered?: (item: Item<P>) => boolean;
  /** What the server is asked besides the search. */
  query: Query;
  /** Choices that are on no list, before all others. */
  first?: readonly Choice[];
  enabled?: boolean;
}

/** Something with an id and a name as a choice. */
export const named = ({ id, name }: { id: string; name: string }): Choice => ({ value: id, label: name });

const matches = (choice: Choice, search: string): boolean => choice.label.toLowerCase().includes(search.toLowerCase());

export function useChoices<P extends ListPath>({ path, choiceOf, isOffered = () => true, query, first = [], enabled = true }: Wanted<P>): Choices {
  const [typed, onSearch] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const pause = setTimeout(() => setSearch(typed.trim()), TYPING_PAUSE_MS);
    return () => clearTimeout(pause);
  }, [typed]);
  const found = useRead<ListPage<Item<P>>>(path, { query: { ...query, page_size: MOST, ...(search && { search }) }, enabled });
  return { choices: [...first.filter((choice) => matches(choice, search)), ...(found.data?.items ?? []).filter(isOffered).map(choiceOf)], onSearch };
}
