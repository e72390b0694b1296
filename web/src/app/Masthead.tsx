/** The bar at the top: name, light or dark, language, and the person. */
import {
  Masthead,
  MastheadBrand,
  MastheadContent,
  MastheadLogo,
  MastheadMain,
  MastheadToggle,
  PageToggleButton,
} from '@patternfly/react-core';
import GlobeIcon from '@patternfly/react-icons/dist/esm/icons/globe-icon';
import MoonIcon from '@patternfly/react-icons/dist/esm/icons/moon-icon';
import SunIcon from '@patternfly/react-icons/dist/esm/icons/sun-icon';
import UserIcon from '@patternfly/react-icons/dist/esm/icons/user-icon';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';

import { call } from '@/api/http';
import { LANGUAGES, chooseLanguage, type Language } from '@/i18n';

import { Chooser } from './Chooser';
import { useUser } from './session';
import { chooseTheme, useTheme, type Theme } from './theme';
import { Wordmark } from './Wordmark';

export function ThemeChooser() {
  const { t } = useTranslation('shell');
  const { theme, dark } = useTheme();
  const choices: { value: Theme; label: string }[] = [
    { value: 'light', label: t('theme.light') },
    { value: 'dark', label: t('theme.dark') },
    { value: 'system', label: t('theme.system') },
  ];
  return <Chooser label={t('theme.choose')} icon={dark ? <MoonIcon /> : <SunIcon />} value={theme} choices={choices} onChoose={chooseTheme} />;
}

export function LanguageChooser() {
  const { t, i18n } = useTranslation('shell');
  const choices = Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }));
  return (
    <Chooser
      label={t('language')}
      icon={<GlobeIcon />}
      value={i18n.resolvedLanguage as Language}
      choices={choices}
      onChoose={(language) => void chooseLanguage(language)}
    />
  );
}

function PersonMenu() {
  const { t } = useTranslation('shell');
  const user = useUser();
  const navigate = useNavigate();
  const client = useQueryClient();
  const logOut = async () => {
    const { redirect } = await call('post', '/auth/logout');
    if (redirect) window.location.assign(redirect);
    else await client.resetQueries();
  };
  return (
    <Chooser
      label={t('personMenu', { name: user.name })}
      icon={<UserIcon />}
      text={<span className="lm-person">{user.name}</span>}
      choices={[
        { value: 'profile', label: t('nav.profile'), description: t(`role.${user.role}`) },
        { value: 'requests', label: t('nav.myRequests') },
        { value: 'logout', label: t('logOut') },
      ]}
      onChoose={(choice) => {
        if (choice === 'profile') void navigate('/profile');
        else if (choice === 'requests') void navigate('/access-requests');
        else void logOut();
      }}
    />
  );
}

export function TopBar({ onToggle }: { onToggle: () => void }) {
  const { t } = useTranslation('shell');
  return (
    <Masthead display={{ default: 'inline' }}>
      <MastheadMain>
        <MastheadToggle>
          <PageToggleButton isHamburgerButton aria-label={t('toggleNavigation')} onSidebarToggle={onToggle} />
        </MastheadToggle>
        <MastheadBrand>
          <MastheadLogo component={(props) => <Link {...props} to="/" aria-label={t('home')} />}>
            <Wordmark />
          </MastheadLogo>
        </MastheadBrand>
      </MastheadMain>
      <MastheadContent>
        <div className="lm-tools">
          <ThemeChooser />
          <LanguageChooser />
          <PersonMenu />
        </div>
      </MastheadContent>
    </Masthead>
  );
}
