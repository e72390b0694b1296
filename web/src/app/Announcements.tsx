/** What administrators want everybody to know, above the page. */
import { Banner, Button, type BannerProps } from '@patternfly/react-core';
import CloseIcon from '@patternfly/react-icons/dist/esm/icons/close-icon';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { SESSION, useChange } from '@/api/query';
import type { BannerStyle } from '@/api/types';

import { useSession } from './session';

const LOOKS: Record<BannerStyle, BannerProps['status']> = {
  info: 'info',
  success: 'success',
  warning: 'warning',
  danger: 'danger',
  default: undefined,
};

export function Announcements() {
  const { t, i18n } = useTranslation('shell');
  const { banners } = useSession();
  const dismiss = useChange((id: string) => call('post', '/banners/{banner_id}/dismiss', { path: { banner_id: id } }), SESSION);
  return banners.map((banner) => (
    <Banner key={banner.id} status={LOOKS[banner.style]} screenReaderText={t('announcement')}>
      <div className="lm-banner">
        <span>{banner.content[i18n.resolvedLanguage ?? 'en'] ?? banner.content.en}</span>
        {banner.dismissible && (
          <Button variant="plain" size="sm" icon={<CloseIcon />} aria-label={t('dismiss')} onClick={() => dismiss.mutate(banner.id)} />
        )}
      </div>
    </Banner>
  ));
}
