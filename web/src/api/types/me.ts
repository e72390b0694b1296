/** What a person sees of themselves. */
import type { Role } from './session';
import type { CallError, Instant, Limits, Money, Named, Spending } from './shared';

export interface Me extends Limits, Spending {
  id: string;
  name: string;
  email: string | null;
  alias: string | null;
  locale: string | null;
  role: Role;
  models: string[];
  teams: Named[];
  created_at: Instant;
}

export interface BudgetLeft extends Spending {
  kind: 'user' | 'team';
  name: string;
  max_budget: Money | null;
  soft_budget: Money | null;
  budget_duration: string | null;
}

export interface ExpiringKey {
  id: string;
  alias: string;
  expires_at: Instant;
}

export interface Home {
  budgets: BudgetLeft[];
  keys_expiring: ExpiringKey[];
  keys_active: number;
  models_available: number;
  pending_requests: number;
  spend_today: Money;
  requests_today: number;
  last_errors: CallError[];
}
