/** The table of every list: sorting by head, rows that stack on a phone, a menu per row, selection for bulk actions. */
import { Checkbox, MenuToggle } from '@patternfly/react-core';
import EllipsisVerticalIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { ActionsColumn, InnerScrollContainer, Table, Tbody, Td, Th, Thead, Tr, type IAction } from '@patternfly/react-table';
import { useId, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** The server's name of the field, where it can sort by it. */
  sort?: string;
  /** Figures stand at the right. */
  isFigure?: boolean;
  modifier?: 'nowrap' | 'breakWord' | 'truncate' | 'fitContent';
}

interface DataTableProps<T> {
  label: string;
  rows: readonly T[];
  columns: readonly Column<T>[];
  rowId: (row: T) => string;
  /** How a row is called, for the names of its checkbox and menu. */
  rowName: (row: T) => string;
  sort?: string;
  onSort?: (sort: string) => void;
  actions?: (row: T) => IAction[];
  selection?: { ids: ReadonlySet<string>; onChange: (ids: ReadonlySet<string>) => void };
}

export function DataTable<T>({ label, rows, columns, rowId, rowName, sort, onSort, actions, selection }: DataTableProps<T>) {
  const { t } = useTranslation();
  const id = useId();
  const sortParameters = (field: string | undefined, columnIndex: number) => {
    if (!field || !onSort) return undefined;
    const active = sort === field || sort === `-${field}`;
    return {
      columnIndex,
      sortBy: active ? { index: columnIndex, direction: sort === field ? ('asc' as const) : ('desc' as const) } : {},
      onSort: () => onSort(sort === `-${field}` ? field : `-${field}`),
    };
  };
  const select = (ids: readonly string[], on: boolean) => {
    const next = new Set(selection?.ids);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    selection?.onChange(next);
  };
  const allSelected = rows.length > 0 && rows.every((row) => selection?.ids.has(rowId(row)));
  return (
    <InnerScrollContainer>
    <Table aria-label={label} variant="compact" gridBreakPoint="grid-lg" className="lm-table">
      <Thead>
        <Tr>
          {selection && (
            <Th aria-label={t('selectAll')}>
              <Checkbox
                id={`${id}-all`}
                aria-label={t('selectAll')}
                isChecked={allSelected}
                onChange={(_, on) => select(rows.map(rowId), on)}
              />
            </Th>
          )}
          {columns.map((column, index) => (
            <Th key={column.title} sort={sortParameters(column.sort, index)} className={column.isFigure ? 'lm-right' : undefined} modifier="wrap">
              {column.title}
            </Th>
          ))}
          {actions && <Th screenReaderText={t('actions')} />}
        </Tr>
      </Thead>
      <Tbody>
        {rows.map((row) => (
          <Tr key={rowId(row)}>
            {selection && (
              <Td modifier="fitContent">
                <Checkbox
                  id={`${id}-${rowId(row)}`}
                  aria-label={t('selectRow', { name: rowName(row) })}
                  isChecked={selection.ids.has(rowId(row))}
                  onChange={(_, on) => select([rowId(row)], on)}
                />
              </Td>
            )}
            {columns.map((column) => (
              <Td
                key={column.title}
                dataLabel={column.title}
                modifier={column.modifier}
                className={column.isFigure ? 'lm-right lm-figure' : undefined}
              >
                {column.cell(row)}
              </Td>
            ))}
            {actions && (
              <Td isActionCell>
                {actions(row).length > 0 && (
                  <ActionsColumn
                    items={actions(row)}
                    actionsToggle={({ onToggle, isOpen, isDisabled, toggleRef }) => (
                      <MenuToggle
                        ref={toggleRef}
                        variant="plain"
                        aria-label={t('actionsOf', { name: rowName(row) })}
                        icon={<EllipsisVerticalIcon />}
                        isExpanded={isOpen}
                        isDisabled={isDisabled}
                        onClick={onToggle}
                      />
                    )}
                    popperProps={{ position: 'right', appendTo: () => document.body }}
                  />
                )}
              </Td>
            )}
          </Tr>
        ))}
      </Tbody>
    </Table>
    </InnerScrollContainer>
  );
}
