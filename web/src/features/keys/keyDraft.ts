/** The form of a key: how it starts, and what is sent of it. */
import type { Key, NewKey, Limits, Money } from '@/api/types';
import { isDuration } from '@/shared/fields/DurationField';
import type { Labels } from '@/shared/fields/LabelsField';
import { NO_LIMITS, limitsOf } from '@/shared/fields/LimitFields';

export interface ModelTerms {
  budget: Money | null;
  rpm: number | null;
  tpm: number | null;
}

export interface KeyDraft {
  alias: string;
  userId: string;
  teamId: string;
  models: string[];
  limits: Limits;
  duration: string | null;
  perModel: Record<string, ModelTerms>;
  usesCache: boolean;
  /** null: what is written is none. */
  labels: Labels | null;
}

export const NO_TERMS: ModelTerms = { budget: null, rpm: null, tpm: null };

/** An empty form, with the administrator's default terms where they are known. */
export const newDraft = (defaults: Partial<KeyDraft> = {}): KeyDraft => ({
  alias: '',
  userId: '',
  teamId: '',
  models: [],
  limits: NO_LIMITS,
  duration: '30d',
  perModel: {},
  usesCache: true,
  labels: {},
  ...defaults,
});

/** The form of a key that exists. */
export function draftOf(key: Key): KeyDraft {
  const limited = new Set([...Object.keys(key.model_max_budget), ...Object.keys(key.model_rpm_limit), ...Object.keys(key.model_tpm_limit)]);
  const terms = [...limited].map((model) => [
    model,
    { budget: key.model_max_budget[model] ?? null, rpm: key.model_rpm_limit[model] ?? null, tpm: key.model_tpm_limit[model] ?? null },
  ]);
  return {
    alias: key.alias,
    userId: key.user_id ?? '',
    teamId: key.team_id ?? '',
    models: key.models,
    limits: limitsOf(key),
    duration: null,
    perModel: Object.fromEntries(terms) as Record<string, ModelTerms>,
    usesCache: key.uses_cache,
    labels: key.labels,
  };
}

function given<T>(draft: KeyDraft, take: (terms: ModelTerms) => T | null): Record<string, T> {
  const pairs = draft.models.map((model) => [model, take(draft.perModel[model] ?? NO_TERMS)] as const);
  return Object.fromEntries(pairs.filter((pair): pair is [string, T] => pair[1] !== null));
}

const perModelOrder = (draft: KeyDraft): Pick<NewKey, 'model_max_budget' | 'model_rpm_limit' | 'model_tpm_limit'> => ({
  model_max_budget: given(draft, (terms) => terms.budget),
  model_rpm_limit: given(draft, (terms) => terms.rpm),
  model_tpm_limit: given(draft, (terms) => terms.tpm),
});

/** What is sent to issue a key. */
export const orderOf = (draft: KeyDraft): NewKey => ({
  alias: draft.alias.trim(),
  models: draft.models,
  duration: draft.duration,
  uses_cache: draft.usesCache,
  ...draft.limits,
  ...perModelOrder(draft),
  ...(draft.userId && { user_id: draft.userId }),
  ...(draft.teamId && { team_id: draft.teamId }),
  ...(Object.keys(draft.labels ?? {}).length > 0 && { labels: draft.labels }),
});

const changeable = (draft: KeyDraft): NewKey => ({
  alias: draft.alias.trim(),
  models: draft.models,
  uses_cache: draft.usesCache,
  labels: draft.labels,
  ...draft.limits,
  ...perModelOrder(draft),
  ...(draft.duration !== null && { duration: draft.duration }),
});

/** What is sent to change a key: only what differs, as some fields of a key may be somebody else's to change. */
export function changesOf(draft: KeyDraft, before: KeyDraft): NewKey {
  const known = changeable(before);
  const differs = ([name, value]: [string, unknown]) => JSON.stringify(value) !== JSON.stringify(known[name as keyof NewKey]);
  return Object.fromEntries(Object.entries(changeable(draft)).filter(differs));
}

/** A key without a model could call nothing, so a form must name one. */
export const isComplete = (draft: KeyDraft): boolean =>
  draft.alias.trim() !== '' && draft.models.length > 0 && draft.labels !== null && isDuration(draft.duration) && isDuration(draft.limits.budget_duration);
