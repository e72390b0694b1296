/** Overview, audit, settings and health of the whole system. */
import type { Health } from './catalogue';
import type { Instant, Limits, Money } from './shared';
import type { TrendPoint } from './usage';

export interface UnhealthyDeployment {
  deployment_id: string;
  model: string;
  api_base: string | null;
  health: Health;
  last_error: string | null;
}

export interface Overview {
  requests_today: number;
  failed_today: number;
  first_token_ms_p50: number | null;
  first_token_ms_p95: number | null;
  spend_today: Money;
  /** The budget over everything, where one is set. */
  budget: { spent: Money; max_budget: Money; window_resets_at: Instant | null } | null;
  trend: TrendPoint[];
  unhealthy: UnhealthyDeployment[];
  open_requests: number;
  models_count: number;
  keys_count: number;
  users_count: number;
}

export type AuditValue = string | number | boolean | null | AuditValue[] | { [name: string]: AuditValue };

export interface AuditEntry {
  id: string;
  at: Instant;
  actor_id: string | null;
  actor_name: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  subject_name: string | null;
  before: Record<string, AuditValue> | null;
  after: Record<string, AuditValue> | null;
  address: string | null;
}

export interface KeyTerms {
  max_budget: Money | null;
  budget_duration: string | null;
  soft_budget: Money | null;
  rpm_limit: number | null;
  tpm_limit: number | null;
  max_parallel_requests: number | null;
  duration: string | null;
}

export interface DefaultSettings {
  user: Limits & { models: string[] };
  key_defaults: KeyTerms;
  key_maximums: KeyTerms & { keys_per_user: number | null };
}

export interface LoginSettings {
  admin_groups: string[];
  admin_readonly_groups: string[];
  user_groups: string[];
}

export interface CurrencySettings {
  currency: string;
}

export interface BrandingSettings {
  login_title: string | null;
  login_subtitle: string | null;
}

export type ComponentStatus = 'ok' | 'degraded' | 'down' | 'absent';

export interface Replica {
  id: string;
  host: string;
  version: string;
  started_at: Instant;
  last_seen_at: Instant;
  snapshot_age_seconds: number;
}

export interface SystemHealth {
  status: ComponentStatus;
  replicas: Replica[];
  database: { status: ComponentStatus; latency_ms: number | null; message: string | null };
  journal: { status: ComponentStatus; bytes: number; message: string | null };
  redis: { status: ComponentStatus; latency_ms: number | null; message: string | null };
  upstreams: { deployment_id: string; model: string; api_base: string | null; health: Health; last_error: string | null; last_checked_at: Instant | null }[];
}
