/** Every member of some unions of the contract, in the order that forms and filters offer them. */
import type { Capability, KeyState } from './types';

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

/** The kinds of models that the UI has words for; the server takes any. */
export const MODES = ['chat', 'completion', 'embedding', 'responses', 'image_generation', 'audio_transcription', 'rerank'] as const;
export type Mode = (typeof MODES)[number];

export const isMode = (mode: string): mode is Mode => (MODES as readonly string[]).includes(mode);
