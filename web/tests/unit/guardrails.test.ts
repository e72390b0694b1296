/** The form of a guardrail: what is sent of it. */
import { expect, test } from 'vitest';

import { draftOf, isReady, NEW_GUARDRAIL, orderOf } from '@/features/guardrails/guardrailDraft';

test('patterns are sent one a line, and only by a guardrail that has some', () => {
  const draft = { ...NEW_GUARDRAIL, name: ' tickets ', kind: 'pattern' as const, patterns: 'TICKET-[0-9]{1,9}\n\n JIRA-[0-9]{1,9} ', entities: 'IBAN_CODE' };
  expect(orderOf(draft)).toEqual({ name: 'tickets', kind: 'pattern', action: 'block', sides: ['input', 'output'], for_all: false, patterns: ['TICKET-[0-9]{1,9}', 'JIRA-[0-9]{1,9}'] });
  expect(orderOf({ ...draft, kind: 'secrets' })).not.toHaveProperty('patterns');
});

test('a guardrail that is there is shown as it is', () => {
  const guardrail = { name: 'pii', kind: 'personal_data' as const, action: 'mask' as const, sides: ['output' as const], patterns: [], entities: ['IBAN_CODE', 'CREDIT_CARD'], for_all: true, bindings: [], created_at: '', created_by: null };
  expect(draftOf(guardrail)).toMatchObject({ sides: 'output', entities: 'IBAN_CODE, CREDIT_CARD', forAll: true });
});

test('a name as the server takes it and a pattern are needed', () => {
  expect(isReady({ ...NEW_GUARDRAIL, name: 'My secrets' })).toBe(false);
  expect(isReady({ ...NEW_GUARDRAIL, name: 'secrets' })).toBe(true);
  expect(isReady({ ...NEW_GUARDRAIL, name: 'tickets', kind: 'pattern' })).toBe(false);
});
