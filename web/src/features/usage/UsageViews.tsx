/** The two ways to look at everybody's usage. */
import { Nav, NavItem, NavList, PageSection } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

const VIEWS = [
  ['/admin/usage', 'viewAll'],
  ['/admin/usage/labels', 'viewLabels'],
] as const;

export function UsageViews() {
  const { t } = useTranslation('usage');
  const { pathname } = useLocation();
  return (
    <PageSection hasBodyWrapper={false} type="subnav">
      <Nav variant="horizontal-subnav" aria-label={t('views')}>
        <NavList>
          {VIEWS.map(([path, name]) => (
            <NavItem key={path} isActive={pathname === path}>
              <Link to={path}>{t(name)}</Link>
            </NavItem>
          ))}
        </NavList>
      </Nav>
    </PageSection>
  );
}
