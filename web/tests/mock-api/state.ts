/** What the double remembers while it runs: three sizes of world, and one person in it. */
import type { AccessRequest, AuditEntry, Banner, Budget, CatalogueModel, Guardrail, Key, ManagementKey, Notice, NoticeChannel, SessionUser, Team, User } from '@/api/types';

import { channels, guardrails, managementKeys, notices } from './fixtures/automation';
import { keys } from './fixtures/keys';
import { catalogue } from './fixtures/models';
import { accessRequests, auditEntries, budgets, person, teams, users } from './fixtures/people';
import { banners } from './fixtures/system';

export type WorldSize = 'empty' | 'one' | 'many';

export interface World {
  size: WorldSize;
  user: SessionUser | null;
  models: CatalogueModel[];
  keys: Key[];
  users: User[];
  teams: Team[];
  budgets: Budget[];
  requests: AccessRequest[];
  audit: AuditEntry[];
  banners: Banner[];
  managementKeys: ManagementKey[];
  channels: NoticeChannel[];
  notices: Notice[];
  guardrails: Guardrail[];
}

const COUNTS: Record<WorldSize, Record<Exclude<keyof World, 'size' | 'user'>, number>> = {
  empty: { models: 0, keys: 0, users: 0, teams: 0, budgets: 0, requests: 0, audit: 0, banners: 0, managementKeys: 0, channels: 0, notices: 0, guardrails: 0 },
  one: { models: 1, keys: 1, users: 1, teams: 1, budgets: 1, requests: 1, audit: 1, banners: 1, managementKeys: 1, channels: 1, notices: 1, guardrails: 1 },
  many: { models: 24, keys: 10_000, users: 430, teams: 60, budgets: 40, requests: 130, audit: 900, banners: 3, managementKeys: 4, channels: 3, notices: 12, guardrails: 3 },
};

export function createWorld(size: WorldSize, role: SessionUser['role'] | null): World {
  const counts = COUNTS[size];
  return {
    size,
    user: role && person(role),
    models: catalogue(counts.models),
    keys: keys(counts.keys),
    users: users(counts.users),
    teams: teams(counts.teams),
    budgets: budgets(counts.budgets),
    requests: accessRequests(counts.requests),
    audit: auditEntries(counts.audit),
    banners: banners(counts.banners),
    managementKeys: managementKeys(counts.managementKeys),
    channels: channels(counts.channels),
    notices: notices(counts.notices),
    guardrails: guardrails(counts.guardrails),
  };
}
