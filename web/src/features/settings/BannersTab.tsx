/** Announcements to everybody. */
import { Button } from '@patternfly/react-core';
import BullhornIcon from '@patternfly/react-icons/dist/esm/icons/bullhorn-icon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { useChange, useGet } from '@/api/query';
import type { Banner } from '@/api/types';
import { useMayAdminister } from '@/app/session';
import { ConfirmDialog } from '@/shared/ConfirmDialog';
import { When } from '@/shared/Figures';
import { Empty, Loaded } from '@/shared/Notices';
import { DataTable, type Column } from '@/shared/table/DataTable';

import { BANNER_READS, BannerForm } from './BannerForm';

type Open = { deed: 'add' } | { deed: 'edit' | 'remove'; banner: Banner };

export function BannersTab() {
  const { t } = useTranslation(['settings', 'common']);
  const query = useGet('/admin/banners');
  const mayChange = useMayAdminister();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const remove = useChange((id: string) => call('delete', '/admin/banners/{banner_id}', { path: { banner_id: id } }), BANNER_READS);
  const toggle = useChange(
    (banner: Banner) => call('patch', '/admin/banners/{banner_id}', { path: { banner_id: banner.id }, body: { active: !banner.active } }),
    BANNER_READS,
  );
  const add = mayChange && <Button onClick={() => setOpen({ deed: 'add' })}>{t('addBanner')}</Button>;
  const actions = (banner: Banner) => [
    { title: t('common:edit'), onClick: () => setOpen({ deed: 'edit', banner }) },
    { title: t(banner.active ? 'hide' : 'show'), onClick: () => toggle.mutate(banner) },
    { isSeparator: true },
    { title: t('removeBanner'), isDanger: true, onClick: () => setOpen({ deed: 'remove', banner }) },
  ];
  const columns: Column<Banner>[] = [
    { title: t('bannerText'), cell: (banner) => banner.content.en, modifier: 'breakWord' },
    { title: t('style'), cell: (banner) => t(`styles.${banner.style}`) },
    { title: t('active'), cell: (banner) => t(banner.active ? 'shown' : 'hidden') },
    { title: t('startsAt'), cell: (banner) => <When instant={banner.starts_at} never={t('always')} /> },
    { title: t('endsAt'), cell: (banner) => <When instant={banner.ends_at} /> },
  ];
  return (
    <div className="lm-stack">
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('noBanners')} lesson={t('noBannersLesson')} icon={BullhornIcon} action={add} />
          ) : (
            <>
              <div>{add}</div>
              <DataTable
                label={t('banners')}
                rows={items}
                rowId={(banner) => banner.id}
                rowName={(banner) => banner.content.en ?? banner.id}
                columns={columns}
                actions={mayChange ? actions : undefined}
              />
            </>
          )
        }
      </Loaded>
      {open?.deed === 'add' && <BannerForm onClose={close} />}
      {open?.deed === 'edit' && <BannerForm banner={open.banner} onClose={close} />}
      {open?.deed === 'remove' && (
        <ConfirmDialog
          title={t('removeBannerTitle')}
          consequence={open.banner.content.en}
          verb={t('removeBanner')}
          onConfirm={() => remove.mutateAsync(open.banner.id)}
          onClose={close}
        />
      )}
    </div>
  );
}
