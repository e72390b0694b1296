/** The form of a guardrail: how it starts, and what is sent of it. */
import type { Guardrail, GuardrailKind } from '@/api/types';

/** Which side of a call is looked at. */
export type Sides = 'both' | 'input' | 'output';

export interface GuardrailDraft {
  name: string;
  kind: GuardrailKind;
  action: Guardrail['action'];
  sides: Sides;
  /** One regular expression a line. */
  patterns: string;
  /** Names with commas between; empty: the usual ones. */
  entities: string;
  forAll: boolean;
}

export const NEW_GUARDRAIL: GuardrailDraft = { name: '', kind: 'secrets', action: 'block', sides: 'both', patterns: '', entities: '', forAll: false };

export const sidesOf = ({ sides: [first, ...more] }: Pick<Guardrail, 'sides'>): Sides => (first === undefined || more.length > 0 ? 'both' : first);

/** The form of a guardrail that is there. */
export const draftOf = (guardrail: Guardrail): GuardrailDraft => ({
  name: guardrail.name,
  kind: guardrail.kind,
  action: guardrail.action,
  sides: sidesOf(guardrail),
  patterns: guardrail.patterns.join('\n'),
  entities: guardrail.entities.join(', '),
  forAll: guardrail.for_all,
});

const split = (text: string, by: string): string[] => text.split(by).map((part) => part.trim()).filter(Boolean);

/** What is sent to change a guardrail; only what its kind has. */
export const changeOf = (draft: GuardrailDraft) => ({
  action: draft.action,
  sides: draft.sides === 'both' ? (['input', 'output'] as const).slice() : [draft.sides],
  for_all: draft.forAll,
  ...(draft.kind === 'pattern' && { patterns: split(draft.patterns, '\n') }),
  ...(draft.kind === 'personal_data' && { entities: split(draft.entities, ',') }),
});

/** What is sent to add one. */
export const orderOf = (draft: GuardrailDraft) => ({ name: draft.name.trim(), kind: draft.kind, ...changeOf(draft) });

export const isReady = (draft: GuardrailDraft): boolean =>
  /^[a-z0-9][a-z0-9_-]{0,63}$/.test(draft.name.trim()) && (draft.kind !== 'pattern' || split(draft.patterns, '\n').length > 0);
