/** Shapes that every part of the REST interface shares. Money is an exact decimal in US dollars, as text. */

export type Money = string;
/** ISO 8601 in UTC. */
export type Instant = string;
/** A calendar day, `YYYY-MM-DD`, in UTC. */
export type Day = string;

export interface Page<T> {
  items: T[];
  total: number;
  page: number;
  page_size: number;
}

export interface ListQuery {
  page?: number;
  page_size?: number;
  sort?: string;
  search?: string;
}

export interface Limits {
  max_budget: Money | null;
  soft_budget: Money | null;
  budget_duration: string | null;
  rpm_limit: number | null;
  tpm_limit: number | null;
  max_parallel_requests: number | null;
}

/** Spend inside the running budget period. */
export interface Spending {
  spent: Money;
  window_resets_at: Instant | null;
}

/** Outcome for one member of a bulk action. */
export interface ItemResult {
  id: string;
  ok: boolean;
  error: string | null;
}

export interface Named {
  id: string;
  name: string;
}

/** One failed call, with the reason. */
export interface CallError {
  at: Instant;
  key_id: string | null;
  key_alias: string | null;
  model: string;
  status: number;
  code: string;
  message: string;
}
