/** A list as a table, with everything around it. */
import type { Item, ListPath } from '@/api/contract';

import { ListFrame, type Framed } from './ListFrame';
import { LongTable } from './LongTable';
import type { RowTerms } from './rows';

interface PagedTableProps<P extends ListPath, T> extends Framed<P>, RowTerms<T> {
  label: string;
}

export function PagedTable<P extends ListPath>({ searchLabel, filters, empty, ...table }: PagedTableProps<P, Item<P>>) {
  const { path, list, refreshEvery } = table;
  return (
    <ListFrame path={path} list={list} searchLabel={searchLabel} filters={filters} empty={empty} refreshEvery={refreshEvery}>
      {({ items, total }) => (
        <LongTable {...table} query={list.query} total={total} first={items} sort={list.sort} onSort={(sort) => list.change({ sort })} />
      )}
    </ListFrame>
  );
}
