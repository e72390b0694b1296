/** Who may see which pages. The server decides over data; a guard only spares people a page of refusals. */
import { Navigate, Outlet, useLocation } from 'react-router';

import { useSession } from './session';

/** Sends people who are not logged in to the login page, and back here afterwards. */
export function RequireLogin() {
  const { user } = useSession();
  const location = useLocation();
  if (user) return <Outlet />;
  const next = `${location.pathname}${location.search}`;
  return <Navigate to={next === '/' ? '/login' : `/login?next=${encodeURIComponent(next)}`} replace />;
}

/** Lets administrators through, read-only ones too. */
export function RequireAdmin() {
  const { user } = useSession();
  return user && user.role !== 'user' ? <Outlet /> : <Navigate to="/" replace />;
}
