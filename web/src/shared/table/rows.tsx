/** The head and the rows that every table is made of. */
import { Checkbox, MenuToggle } from '@patternfly/react-core';
import EllipsisVerticalIcon from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { ActionsColumn, Td, Th, Thead, Tr, type IAction } from '@patternfly/react-table';
import { useId, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';

/** Widths in a table whose columns do not move: these two hold the same everywhere. */
const PICK_PERCENT = 4;
const MENU_PERCENT = 5;

export interface Column<T> {
  title: string;
  cell: (row: T) => ReactNode;
  /** The server's name of the field, where it can sort by it. */
  sort?: string;
  /** Figures stand at the right. */
  isFigure?: boolean;
  modifier?: 'nowrap' | 'breakWord' | 'truncate' | 'fitContent';
  /** How wide it is beside the others in a long list, whose columns must not move while it scrolls; 1 unless said. */
  share?: number;
}

/** What a table says of each of its rows. */
export interface RowTerms<T> {
  columns: readonly Column<T>[];
  rowId: (row: T) => string;
  /** How a row is called, for the names of its checkbox and menu. */
  rowName: (row: T) => string;
  actions?: (row: T) => IAction[];
  selection?: Selection;
}

export interface Selection {
  ids: ReadonlySet<string>;
  onChange: (ids: ReadonlySet<string>) => void;
}

export interface Sorting {
  sort?: string;
  onSort?: (sort: string) => void;
}

export function withIds(selection: Selection, ids: readonly string[], on: boolean): void {
  const next = new Set(selection.ids);
  for (const id of ids) {
    if (on) next.add(id);
    else next.delete(id);
  }
  selection.onChange(next);
}

interface TableHeadProps<T> extends Pick<RowTerms<T>, 'columns'>, Sorting {
  /** The box that chooses all rows: what it says, whether it is ticked (null: some are), what it does. */
  all?: { label: string; isChecked: boolean | null; onChange: (on: boolean) => void };
  hasActions: boolean;
  /** Columns have the widths of their shares, whatever is in them. */
  isFixed?: boolean;
}

export function TableHead<T>({ columns, sort, onSort, all, hasActions, isFixed = false }: TableHeadProps<T>) {
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
  const shares = columns.reduce((sum, column) => sum + (column.share ?? 1), 0);
  const room = 100 - (all ? PICK_PERCENT : 0) - (hasActions ? MENU_PERCENT : 0);
  const width = (percent: number) => (isFixed ? { inlineSize: `${percent}%` } : undefined);
  return (
    <Thead>
      <Tr aria-rowindex={isFixed ? 1 : undefined}>
        {all && (
          <Th aria-label={all.label} style={width(PICK_PERCENT)}>
            <Checkbox id={`${id}-all`} aria-label={all.label} isChecked={all.isChecked} onChange={(_, on) => all.onChange(on)} />
          </Th>
        )}
        {columns.map((column, index) => (
          <Th
            key={column.title}
            sort={sortParameters(column.sort, index)}
            className={column.isFigure ? 'lm-right' : undefined}
            style={width((room * (column.share ?? 1)) / shares)}
            modifier="wrap"
          >
            {column.title}
          </Th>
        ))}
        {hasActions && <Th screenReaderText={t('actions')} style={width(MENU_PERCENT)} />}
      </Tr>
    </Thead>
  );
}

function RowMenu({ name, items }: { name: string; items: IAction[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <ActionsColumn
      items={items}
      actionsToggle={({ onToggle, isOpen, isDisabled, toggleRef }) => (
        <MenuToggle
          ref={toggleRef}
          variant="plain"
          aria-label={t('actionsOf', { name })}
          icon={<EllipsisVerticalIcon />}
          isExpanded={isOpen}
          isDisabled={isDisabled}
          onClick={onToggle}
        />
      )}
      popperProps={{ position: 'right', appendTo: () => document.body }}
    />
  );
}

interface TableRowProps<T> extends RowTerms<T> {
  row: T;
  /** Which row of a long list it is, counted from 0: most of its rows are not on the page. */
  place?: { index: number; ref: Ref<HTMLTableRowElement> };
}

export function TableRow<T>({ row, columns, rowId, rowName, actions, selection, place }: TableRowProps<T>) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <Tr ref={place?.ref} data-index={place?.index} aria-rowindex={place && place.index + 2}>
      {selection && (
        <Td modifier="fitContent">
          <Checkbox
            id={`${id}-pick`}
            aria-label={t('selectRow', { name: rowName(row) })}
            isChecked={selection.ids.has(rowId(row))}
            onChange={(_, on) => withIds(selection, [rowId(row)], on)}
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
          <RowMenu name={rowName(row)} items={actions(row)} />
        </Td>
      )}
    </Tr>
  );
}
