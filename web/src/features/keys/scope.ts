/** The same pages serve one's own keys and everybody's; only the addresses differ. */
import { createContext, use } from 'react';

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

/** What a change of a key makes stale. */
export const KEY_READS = ['/keys', '/admin/keys', '/me', '/admin/overview', '/admin/users', '/admin/teams', '/teams'] as const;
