/** The session of this browser: who is logged in, what they may do, and what the page must know before it paints. */
import { useQuery } from '@tanstack/react-query';
import { createContext, use, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { call, setCsrfToken } from '@/api/http';
import { SESSION } from '@/api/query';
import type { Session, SessionUser } from '@/api/types';
import { setDisplayCurrency } from '@/shared/format';
import { ErrorNotice } from '@/shared/Notices';

const SessionContext = createContext<Session | null>(null);

async function fetchSession(): Promise<Session> {
  const session = await call('get', '/session');
  setCsrfToken(session.csrf_token);
  setDisplayCurrency(session.currency);
  return session;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation('shell');
  const query = useQuery({ queryKey: SESSION, queryFn: fetchSession, staleTime: 60_000 });
  if (query.data) return <SessionContext value={query.data}>{children}</SessionContext>;
  if (query.error) {
    return (
      <main className="lm-login">
        <h1 className="pf-v6-screen-reader">{t('product')}</h1>
        <ErrorNotice error={query.error} retry={() => void query.refetch()} />
      </main>
    );
  }
  return null;
}

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession needs a SessionProvider above it');
  return session;
}

/** The person who is logged in; only used on pages that a guard has let through. */
export function useUser(): SessionUser {
  const { user } = useSession();
  if (!user) throw new Error('useUser needs a logged-in session');
  return user;
}

/** Whether this person may change what administrators may. */
export const useMayAdminister = (): boolean => useUser().role === 'admin';
