/** The box in the head of a long list: it chooses all rows that match, also those that nobody has scrolled to. */
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

import type { Query } from '@/api/http';
import { readingOf } from '@/api/query';
import { integer } from '@/shared/format';

import { withIds, type Selection } from './rows';
import { pageQuery, ROWS_AT_ONCE, type ListPage } from './useListPages';

/** The server changes no more at once. */
const MOST = 500;

interface Chosen<T> {
  path: string;
  query: Query;
  total: number;
  rowId: (row: T) => string;
  selection: Selection | undefined;
}

export function useSelectAll<T>({ path, query, total, rowId, selection }: Chosen<T>) {
  const { t } = useTranslation();
  const client = useQueryClient();
  if (!selection) return undefined;
  const wanted = Math.min(total, MOST);
  const choose = async () => {
    const pages = Array.from({ length: Math.ceil(wanted / ROWS_AT_ONCE) }, (_, page) => client.query(readingOf<ListPage<T>>(path, pageQuery(query, page + 1))));
    const rows = (await Promise.all(pages)).flatMap((page) => page.items);
    withIds(selection, rows.slice(0, MOST).map(rowId), true);
  };
  const { size } = selection.ids;
  return {
    label: total > MOST ? t('selectFirst', { most: integer(MOST) }) : t('selectAll'),
    isChecked: size > 0 && size >= wanted ? true : size > 0 ? null : false,
    onChange: (on: boolean) => {
      if (on) void choose();
      else selection.onChange(new Set());
    },
  };
}
