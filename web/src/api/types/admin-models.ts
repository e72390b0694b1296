/** Model groups, their deployments, and the way a new one gets in. */
import type { Capability, Health, Mode, Prices } from './catalogue';
import type { Instant, Money } from './shared';

export interface Timeouts {
  connect_seconds?: number;
  first_token_seconds?: number;
  total_seconds?: number;
}

export interface Deployment {
  id: string;
  provider: string;
  litellm_model: string;
  api_base: string | null;
  /** Whether a credential is stored; the credential itself never leaves the server. */
  has_api_key: boolean;
  weight: number;
  rpm_limit: number | null;
  tpm_limit: number | null;
  max_parallel_requests: number | null;
  timeouts: Timeouts;
  health: Health;
  last_error: string | null;
  last_checked_at: Instant | null;
}

export interface ModelGroup {
  name: string;
  mode: Mode;
  description: string | null;
  restricted: boolean;
  access_groups: string[];
  capabilities: Capability[];
  max_input_tokens: number | null;
  max_output_tokens: number | null;
  prices: Prices;
  health: Health;
  deployments: Deployment[];
  requests_24h: number;
  cost_24h: Money;
  created_at: Instant;
}

export interface PriceOrder {
  input_per_million: Money | null;
  output_per_million: Money | null;
  cached_input_per_million: Money | null;
  request: Money | null;
}

export interface DeploymentOrder {
  provider: string;
  litellm_model: string;
  api_base: string | null;
  api_key?: string;
  weight?: number;
  rpm_limit?: number | null;
  tpm_limit?: number | null;
  max_parallel_requests?: number | null;
  timeouts?: Timeouts;
}

export interface AddModel extends DeploymentOrder {
  public_name: string;
  mode: Mode;
  prices?: PriceOrder;
  restricted: boolean;
  access_groups: string[];
  max_input_tokens: number | null;
  max_output_tokens: number | null;
  description: string | null;
  capabilities: Capability[];
}

export interface Provider {
  id: string;
  title: string;
  default_api_base: string | null;
  needs_api_base: boolean;
  needs_api_key: boolean;
}

export const TEST_STEPS = ['address', 'dns', 'connection', 'tls', 'auth', 'model', 'call'] as const;
export type TestStepName = (typeof TEST_STEPS)[number];

export interface TestStep {
  step: TestStepName;
  verdict: 'passed' | 'failed' | 'skipped';
  message: string;
  duration_ms: number | null;
}

export interface TestReport {
  ok: boolean;
  steps: TestStep[];
}
