/** The frame of every page. The heading of a new page gets the focus, as a page load would give it. */
import { Page, SkipToContent } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet, useLocation } from 'react-router';

import { Announcements } from './Announcements';
import { TopBar } from './Masthead';
import { Navigation } from './Navigation';
import { useScrollPlaces } from './useScrollPlaces';

const MAIN = 'main';
const wideEnough = window.matchMedia('(min-width: 75rem)');

export function Shell() {
  const { t } = useTranslation('shell');
  const { pathname } = useLocation();
  const [open, setOpen] = useState(wideEnough.matches);
  const opened = useRef(pathname);
  useScrollPlaces(MAIN);
  useEffect(() => {
    const follow = () => setOpen(wideEnough.matches);
    wideEnough.addEventListener('change', follow);
    return () => wideEnough.removeEventListener('change', follow);
  }, []);
  useEffect(() => {
    if (opened.current === pathname) return;
    opened.current = pathname;
    document.getElementById(MAIN)?.focus();
  }, [pathname]);
  return (
    <Page
      masthead={<TopBar onToggle={() => setOpen(!open)} />}
      sidebar={<Navigation open={open} onNavigate={() => setOpen(wideEnough.matches)} />}
      skipToContent={<SkipToContent href={`#${MAIN}`}>{t('skip')}</SkipToContent>}
      banner={<Announcements />}
      mainContainerId={MAIN}
      // It scrolls, and a page may have nothing else in it that the keyboard reaches.
      mainTabIndex={0}
    >
      <Outlet />
    </Page>
  );
}
