/**
 * A list of any length in one piece. Only the rows near the screen are in the document, so that ten thousand scroll like
 * ten; screen readers are told how many there are and which one this is.
 */
import { Skeleton } from '@patternfly/react-core';
import { Table, Tbody, Td, Tr } from '@patternfly/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { Fragment, useRef, useState, type FocusEvent } from 'react';

import type { Query } from '@/api/http';
import { ErrorNotice } from '@/shared/Notices';

import { TableHead, TableRow, type RowTerms, type Sorting } from './rows';
import { useListPages } from './useListPages';
import { mainOf, useFirstRowOf, useTop } from './usePlaceInMain';
import { useSelectAll } from './useSelectAll';

const ROW_PIXELS = 58;
/** Where the columns of a row stand one below the other. */
const CARD_PIXELS = 340;
const narrow = window.matchMedia('(max-width: 61.9375rem)');
const ROWS_BEYOND = 8;

interface LongTableProps<T> extends RowTerms<T>, Sorting {
  label: string;
  path: string;
  query: Query;
  total: number;
  /** What is shown of the first page while it is fetched again. */
  first: readonly T[];
  refreshEvery?: number;
}

/** Room that rows take which are not in the document. */
const Gap = ({ height }: { height: number }) => (height > 0 ? <tr aria-hidden="true" className="lm-gap" style={{ blockSize: height }} /> : null);

export function LongTable<T>({ label, path, query, total, first, refreshEvery, sort, onSort, ...terms }: LongTableProps<T>) {
  const { columns, rowId, selection, actions } = terms;
  const body = useRef<HTMLTableSectionElement>(null);
  const above = useTop(body);
  const [focused, setFocused] = useState<number | null>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- no compiler memoizes anything here
  const rows = useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count: total,
    getScrollElement: () => mainOf(body.current),
    estimateSize: () => (narrow.matches ? CARD_PIXELS : ROW_PIXELS),
    scrollMargin: above,
    overscan: ROWS_BEYOND,
    // The row that has the focus stays, or the focus would be lost with it.
    rangeExtractor: (range) => {
      const near = defaultRangeExtractor(range);
      return focused === null || focused >= range.count || near.includes(focused) ? near : [...near, focused].sort((a, b) => a - b);
    },
  });
  useFirstRowOf(JSON.stringify(query), body);

  const items = rows.getVirtualItems();
  const { startIndex = 0, endIndex = 0 } = rows.range ?? {};
  const looking = { from: Math.max(0, startIndex - ROWS_BEYOND), to: Math.min(total - 1, endIndex + ROWS_BEYOND), isScrolling: rows.isScrolling };
  const { rowAt, error } = useListPages<T>(path, query, looking, refreshEvery);
  const rowOf = (index: number): T | undefined => rowAt(index) ?? first[index];
  const all = useSelectAll({ path, query, total, rowId, selection });
  const isComing = items.some(({ index }) => rowOf(index) === undefined);
  const width = columns.length + (selection ? 1 : 0) + (actions ? 1 : 0);
  const follow = (event: FocusEvent<HTMLElement>) => {
    const index = event.target.closest<HTMLElement>('[data-index]')?.dataset.index;
    setFocused(index === undefined ? null : Number(index));
  };
  let filled = 0;
  const gapBefore = (start: number, end: number) => {
    const gap = start - above - filled;
    filled = end - above;
    return gap;
  };
  return (
    <>
      <ErrorNotice error={error} />
      <Table
        aria-label={label}
        aria-rowcount={total + 1}
        variant="compact"
        gridBreakPoint="grid-lg"
        className="lm-table lm-table--long"
        isStickyHeader
      >
        <TableHead columns={columns} sort={sort} onSort={onSort} all={all} hasActions={actions !== undefined} isFixed />
        <Tbody ref={body} aria-busy={isComing} onFocus={follow} onBlur={() => setFocused(null)}>
          {items.map(({ index, start, end, key }) => {
            const row = rowOf(index);
            return (
              <Fragment key={row === undefined ? key : rowId(row)}>
                <Gap height={gapBefore(start, end)} />
                {row === undefined ? (
                  <Tr ref={rows.measureElement} data-index={index} aria-rowindex={index + 2}>
                    <Td colSpan={width}>
                      <Skeleton height="1.75rem" />
                    </Td>
                  </Tr>
                ) : (
                  <TableRow row={row} place={{ index, ref: rows.measureElement }} {...terms} />
                )}
              </Fragment>
            );
          })}
          <Gap height={rows.getTotalSize() - filled} />
        </Tbody>
      </Table>
    </>
  );
}
