/** Virtual keys: what is shown of them, and what is asked for when one is issued. */
import type { CallError, Instant, Limits, Money, Spending } from './shared';
import type { BreakdownRow, TrendPoint } from './usage';

export const KEY_STATES = ['active', 'expiring', 'over_budget', 'blocked', 'expired', 'revoked'] as const;
export type KeyState = (typeof KEY_STATES)[number];

export interface Key extends Limits, Spending {
  id: string;
  alias: string;
  /** The last four characters. */
  hint: string;
  state: KeyState;
  user_id: string | null;
  user_name: string | null;
  team_id: string | null;
  team_name: string | null;
  models: string[];
  total_spent: Money;
  model_max_budget: Record<string, Money>;
  model_rpm_limit: Record<string, number>;
  model_tpm_limit: Record<string, number>;
  expires_at: Instant | null;
  last_used_at: Instant | null;
  requests_today: number;
  /** The last seven days, oldest first. */
  requests_7d: number[];
  created_at: Instant;
  created_by: string | null;
}

export interface KeyOrder extends Partial<Limits> {
  alias?: string;
  user_id?: string;
  team_id?: string | null;
  models?: string[];
  duration?: string | null;
  model_max_budget?: Record<string, Money>;
  model_rpm_limit?: Record<string, number>;
  model_tpm_limit?: Record<string, number>;
}

/** The answer to issuing or rotating: the only time that the key itself is shown. */
export interface IssuedKey {
  key: string;
  item: Key;
}

export interface KeyUsage {
  trend: TrendPoint[];
  by_model: BreakdownRow[];
}

export interface KeyErrors {
  items: CallError[];
}

export type KeyBulkAction = 'block' | 'unblock' | 'revoke';
