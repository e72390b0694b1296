/** The side navigation: everybody's pages, then the administrators'. */
import { Badge, Nav, NavGroup, NavItem, NavList, PageSidebar, PageSidebarBody } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

import { useGet } from '@/api/query';

import { useUser } from './session';

const USER_PAGES = [
  ['/', 'nav.home'],
  ['/models', 'nav.models'],
  ['/playground', 'nav.playground'],
  ['/keys', 'nav.keys'],
  ['/teams', 'nav.teams'],
  ['/usage', 'nav.usage'],
] as const;

const ADMIN_PAGES = [
  ['/admin', 'nav.overview'],
  ['/admin/models', 'nav.adminModels'],
  ['/admin/keys', 'nav.adminKeys'],
  ['/admin/teams', 'nav.teams'],
  ['/admin/users', 'nav.users'],
  ['/admin/budgets', 'nav.budgets'],
  ['/admin/usage', 'nav.adminUsage'],
  ['/admin/access-requests', 'nav.requests'],
  ['/admin/guardrails', 'nav.guardrails'],
  ['/admin/management-keys', 'nav.managementKeys'],
  ['/admin/notices', 'nav.notices'],
  ['/admin/audit', 'nav.audit'],
  ['/admin/settings', 'nav.settings'],
  ['/admin/health', 'nav.health'],
] as const;

/** Whether a page or one below it is open; the two start pages only match themselves. */
const isOpen = (path: string, current: string): boolean =>
  current === path || (path !== '/' && path !== '/admin' && current.startsWith(`${path}/`));

function OpenRequests() {
  const { t } = useTranslation('shell');
  const { data } = useGet('/admin/overview', { refreshEvery: 30_000 });
  if (!data?.open_requests) return null;
  return (
    <Badge screenReaderText={t('openRequests')} className="pf-v6-u-ml-sm">
      {data.open_requests}
    </Badge>
  );
}

export function Navigation({ open, onNavigate }: { open: boolean; onNavigate: () => void }) {
  const { t } = useTranslation('shell');
  const { role } = useUser();
  const { pathname } = useLocation();
  const items = (pages: typeof USER_PAGES | typeof ADMIN_PAGES) =>
    pages.map(([path, name]) => (
      <NavItem key={path} isActive={isOpen(path, pathname)}>
        <Link to={path} onClick={onNavigate}>
          {t(name)}
          {path === '/admin/access-requests' && <OpenRequests />}
        </Link>
      </NavItem>
    ));
  return (
    <PageSidebar isSidebarOpen={open}>
      <PageSidebarBody>
        <Nav aria-label={t('navigation')}>
          {role === 'user' ? (
            <NavList>{items(USER_PAGES)}</NavList>
          ) : (
            <>
              <NavGroup title={t('nav.everybody')}>{items(USER_PAGES)}</NavGroup>
              <NavGroup title={t(role === 'admin' ? 'nav.administrator' : 'nav.administratorReadOnly')}>{items(ADMIN_PAGES)}</NavGroup>
            </>
          )}
        </Nav>
      </PageSidebarBody>
    </PageSidebar>
  );
}
