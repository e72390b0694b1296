import { expect, test } from 'vitest';

import { differences } from '@/features/audit/Changes';

test('only fields that differ are told, and nothing that says nothing', () => {
  const before = { max_budget: '40', models: [], blocked: false, updated_at: '2026-11-22T10:00:00Z' };
  const after = { max_budget: '60', models: null, blocked: false, updated_at: '2026-11-22T11:00:00Z' };
  expect(differences({ before, after })).toEqual([{ name: 'max_budget', before: '40', after: '60' }]);
});

test('of what is new, the fields that have something in them are told', () => {
  expect(differences({ before: null, after: { alias: 'Blue', metadata: {}, members: [] } })).toEqual([{ name: 'alias', before: '', after: 'Blue' }]);
});

test('what lies deeper is told by dotted names', () => {
  const after = { group: { mode: 'chat', routing: { retries: 2, fallbacks: [] } } };
  expect(differences({ before: null, after }).map((one) => `${one.name}: ${one.after}`)).toEqual(['group.mode: chat', 'group.routing.retries: 2']);
});
