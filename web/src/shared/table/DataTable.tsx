/** A table of a few rows: sorting by head, rows that stack on a phone, a menu per row. */
import { InnerScrollContainer, Table, Tbody } from '@patternfly/react-table';

import { TableHead, TableRow, type RowTerms, type Sorting } from './rows';

export type { Column } from './rows';

interface DataTableProps<T> extends Omit<RowTerms<T>, 'selection'>, Sorting {
  label: string;
  rows: readonly T[];
}

export function DataTable<T>({ label, rows, sort, onSort, ...terms }: DataTableProps<T>) {
  const { columns, rowId, actions } = terms;
  return (
    <InnerScrollContainer>
      <Table aria-label={label} variant="compact" gridBreakPoint="grid-lg" className="lm-table">
        <TableHead columns={columns} sort={sort} onSort={onSort} hasActions={actions !== undefined} />
        <Tbody>
          {rows.map((row) => (
            <TableRow key={rowId(row)} row={row} {...terms} />
          ))}
        </Tbody>
      </Table>
    </InnerScrollContainer>
  );
}
