/** Every member of some unions of the contract, in the order that forms and filters offer them. */
import type { Capability, GuardedHolder, Guardrail, GuardrailKind, KeyState, ManagementScope, NoticeEvent, NoticeKind, Strategy } from './types';

/** One entry for each member: a missing or an unknown one does not compile. */
const every = <T extends string>(members: Record<T, true>) => Object.keys(members) as T[];

export const KEY_STATES = every<KeyState>({ active: true, expiring: true, over_budget: true, blocked: true, expired: true, revoked: true });

export const CAPABILITIES = every<Capability>({
  vision: true,
  function_calling: true,
  reasoning: true,
  json_schema: true,
  streaming: true,
  audio_input: true,
  prompt_caching: true,
});

export const STRATEGIES = every<Strategy>({ 'simple-shuffle': true, 'least-busy': true, 'latency-based-routing': true, 'lowest-cost': true });

export const GUARDRAIL_KINDS = every<GuardrailKind>({ secrets: true, personal_data: true, pattern: true });
export const GUARDRAIL_ACTIONS = every<Guardrail['action']>({ block: true, mask: true, log: true });
export const GUARDED_HOLDERS = every<GuardedHolder>({ team: true, key: true, model: true });

/** All, then what reads and what writes beside each other. */
export const MANAGEMENT_SCOPES = every<ManagementScope>({
  '*': true,
  'keys:read': true,
  'keys:write': true,
  'models:read': true,
  'models:write': true,
  'users:read': true,
  'users:write': true,
  'teams:read': true,
  'teams:write': true,
  'budgets:read': true,
  'budgets:write': true,
  'notices:read': true,
  'notices:write': true,
  'guardrails:read': true,
  'guardrails:write': true,
  'requests:read': true,
  'requests:decide': true,
  'banners:read': true,
  'banners:write': true,
  'settings:read': true,
  'settings:write': true,
  'spend:read': true,
  'ledger:write': true,
  'roles:write': true,
  'audit:read': true,
  'health:read': true,
});

/** What people can be told of; a test message is none of them. */
export const NOTICE_EVENTS = every<Exclude<NoticeEvent, 'test'>>({
  budget_soft_reached: true,
  budget_exhausted: true,
  key_expiring: true,
  key_expired: true,
  deployment_unhealthy: true,
  deployment_healthy: true,
  journal_near_bound: true,
  database_away: true,
});

export const NOTICE_KINDS = every<NoticeKind>({ slack: true, teams: true, webhook: true, email: true });

/** The kinds of models that the UI has words for; the server takes any. */
export const MODES = ['chat', 'completion', 'embedding', 'responses', 'image_generation', 'audio_transcription', 'audio_speech', 'moderation', 'rerank'] as const;
export type Mode = (typeof MODES)[number];

export const isMode = (mode: string): mode is Mode => (MODES as readonly string[]).includes(mode);
