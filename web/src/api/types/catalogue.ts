/** The model catalogue as a person sees it, and requests for access to restricted models. */
import type { Instant, Money } from './shared';

export const MODES = ['chat', 'completion', 'embedding', 'responses', 'image_generation', 'audio_transcription', 'rerank'] as const;
export type Mode = (typeof MODES)[number];

export const CAPABILITIES = ['vision', 'function_calling', 'reasoning', 'json_schema', 'streaming', 'audio_input', 'prompt_caching'] as const;
export type Capability = (typeof CAPABILITIES)[number];

export type Health = 'healthy' | 'degraded' | 'unhealthy' | 'unknown';
export type Access = 'granted' | 'requestable' | 'pending' | 'denied';

export interface Prices {
  input_per_million: Money | null;
  output_per_million: Money | null;
  cached_input_per_million: Money | null;
  request: Money | null;
  /** Where the price comes from: `override`, `genai-prices`, `demo`, or `none`. */
  source: string;
}

export interface CatalogueModel {
  name: string;
  mode: Mode;
  description: string | null;
  provider: string;
  capabilities: Capability[];
  max_input_tokens: number | null;
  max_output_tokens: number | null;
  prices: Prices;
  health: Health;
  access: Access;
  deprecated_on: string | null;
  successor: string | null;
  access_groups: string[];
}

export type RequestStatus = 'pending' | 'approved' | 'denied' | 'withdrawn';

export interface RequestStep {
  at: Instant;
  actor_name: string;
  status: RequestStatus;
  reason: string | null;
}

export interface AccessRequest {
  id: string;
  user_id: string;
  user_name: string;
  model: string;
  reason: string | null;
  status: RequestStatus;
  decision_reason: string | null;
  created_at: Instant;
  decided_at: Instant | null;
  history: RequestStep[];
}
