/** Pages, sorting, search and filters over rows in memory, as the real server does them in SQL. */
/** One page of a list, as every list of the server answers. */
interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

const PAGING = new Set(['page', 'page_size', 'sort', 'search', 'access']);

function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || a === undefined) return 1;
  if (b === null || b === undefined) return -1;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string' && Number.isNaN(Number(a))) return a < b ? -1 : 1;
  if (Number.isFinite(Number(a)) && Number.isFinite(Number(b))) return Number(a) - Number(b);
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

export function page<T extends object>(rows: readonly T[], parameters: URLSearchParams): Page<T> {
  const value = (row: T, name: string): unknown => row[name as keyof T];
  const search = parameters.get('search')?.toLowerCase();
  const filters = [...new Set(parameters.keys())].filter((name) => !PAGING.has(name));
  const found = rows.filter(
    (row) =>
      (!search || JSON.stringify(row).toLowerCase().includes(search)) &&
      filters.every((name) => !(name in row) || parameters.getAll(name).includes(String(value(row, name)))),
  );
  const sort = parameters.get('sort') ?? '';
  const field = sort.replace('-', '');
  if (field) found.sort((a, b) => (sort.startsWith('-') ? -1 : 1) * compare(value(a, field), value(b, field)));
  const number = Number(parameters.get('page') ?? 1);
  const size = Number(parameters.get('page_size') ?? 25);
  return { items: found.slice((number - 1) * size, number * size), total: found.length, page: number, page_size: size };
}
