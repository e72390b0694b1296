/** The same pages serve one's own keys and everybody's; only the addresses differ. */
import { createContext, use } from 'react';

import type { Key } from '@/api/types';
import { useUser } from '@/app/session';

export type KeyScope = 'own' | 'all';

export const KeyScopeContext = createContext<KeyScope>('own');

interface KeyAddresses {
  scope: KeyScope;
  /** In the REST interface. */
  api: '/keys' | '/admin/keys';
  /** In the browser. */
  page: string;
}

export function useKeyScope(): KeyAddresses {
  const scope = use(KeyScopeContext);
  return scope === 'own'
    ? { scope, api: '/keys', page: '/keys' }
    : { scope, api: '/admin/keys', page: '/admin/keys' };
}

/** Whether one may give a key another text, as administrators may every key, and nobody else that of another person. */
export function useMayRotate(): (key: Key) => boolean {
  const { scope } = useKeyScope();
  const { id: me } = useUser();
  return ({ user_id: owner }) => scope === 'all' || owner === null || owner === me;
}

/** What a change of a key makes stale. */
export const KEY_READS = ['/keys', '/admin/keys', '/me', '/admin/overview', '/admin/users', '/admin/teams', '/teams'] as const;
