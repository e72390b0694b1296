/** The form of a model's routing: null where the default holds, which is also how it is sent. */
import type { Routing, RoutingOrder } from '@/api/types';

export type RoutingDraft = Required<RoutingOrder>;

export const DEFAULT_ROUTING: RoutingDraft = {
  strategy: null,
  retries: null,
  fallbacks: null,
  context_window_fallbacks: null,
  allowed_fails: null,
  cooldown_seconds: null,
};

const FIELDS = Object.keys(DEFAULT_ROUTING) as (keyof RoutingDraft)[];

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The form for what holds: it leaves empty what nobody changed. */
export const routingDraft = (routing: Routing, defaults: Routing): RoutingDraft =>
  Object.fromEntries(FIELDS.map((field) => [field, isSame(routing[field], defaults[field]) ? null : routing[field]])) as unknown as RoutingDraft;

/** What was changed in the form, so that a stand-in that is gone since keeps nobody from changing something else. */
export const routingChanges = (before: RoutingDraft, after: RoutingDraft): RoutingOrder =>
  Object.fromEntries(FIELDS.filter((field) => !isSame(before[field], after[field])).map((field) => [field, after[field]]));
