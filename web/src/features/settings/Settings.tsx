/** Settings, one tab each; the open tab is in the address. */
import { PageSection, Tab, TabContentBody, Tabs, TabTitleText } from '@patternfly/react-core';
import type { ComponentType } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';

import { PageHeading } from '@/shared/PageHeading';

import { BannersTab } from './BannersTab';
import { BrandingTab } from './BrandingTab';
import { DefaultsTab } from './DefaultsTab';
import { CurrencyTab, LoginTab } from './SmallTabs';

const TABS = {
  defaults: DefaultsTab,
  login: LoginTab,
  banners: BannersTab,
  branding: BrandingTab,
  currency: CurrencyTab,
} as const satisfies Record<string, ComponentType>;
type TabName = keyof typeof TABS;

export function Settings() {
  const { t } = useTranslation('settings');
  const { tab = 'defaults' } = useParams();
  const navigate = useNavigate();
  const names = Object.keys(TABS) as TabName[];
  return (
    <>
      <PageHeading title={t('title')} purpose={t('purpose')} />
      <PageSection hasBodyWrapper={false}>
        <Tabs
          activeKey={tab}
          aria-label={t('title')}
          onSelect={(_, name) => void navigate(`/admin/settings/${name}`, { replace: true })}
          mountOnEnter
          unmountOnExit
        >
          {names.map((name) => {
            const Body = TABS[name];
            return (
              <Tab key={name} eventKey={name} title={<TabTitleText>{t(`tab.${name}`)}</TabTitleText>}>
                <TabContentBody hasPadding>
                  <Body />
                </TabContentBody>
              </Tab>
            );
          })}
        </Tabs>
      </PageSection>
    </>
  );
}
