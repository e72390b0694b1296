/** The organisation's words on the login page, and its images. */
import { Alert, Button, Card, CardBody, CardTitle } from '@patternfly/react-core';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';

import { call, send } from '@/api/http';
import { SESSION, useChange } from '@/api/query';
import type { BrandingImage } from '@/api/types';
import { useMayAdminister, useSession } from '@/app/session';
import { AreaField, TextField } from '@/shared/fields/Fields';
import { ErrorNotice } from '@/shared/Notices';

import { SettingsForm } from './SettingsForm';

const IMAGES: readonly BrandingImage[] = ['login_logo', 'header_light', 'header_dark'];
const TYPES = 'image/png,image/jpeg,image/webp,image/gif';
const LARGEST_BYTES = 2_000_000;

function ImageField({ kind }: { kind: BrandingImage }) {
  const { t } = useTranslation('settings');
  const { branding } = useSession();
  const mayChange = useMayAdminister();
  const picker = useRef<HTMLInputElement>(null);
  const put = useChange(async (file: File) => {
    if (file.size > LARGEST_BYTES) throw new Error(t('imageTooLarge'));
    await send('put', `/admin/settings/branding/images/${kind}`, { body: file });
  }, SESSION);
  const remove = useChange(() => call('delete', '/admin/settings/branding/images/{kind}', { path: { kind } }), SESSION);
  const address = branding.images[kind];
  const name = t(`image.${kind}`);
  return (
    <Card isCompact>
      <CardTitle component="h3">{name}</CardTitle>
      <CardBody>
        <div className="lm-stack">
          {address ? <img className="lm-login__logo" src={address} alt={name} /> : <p className="lm-subtle">{t('noImage')}</p>}
          {mayChange && (
            <div className="lm-row">
              <Button variant="secondary" onClick={() => picker.current?.click()} isLoading={put.isPending} aria-label={`${t('chooseImage')}: ${name}`}>
                {t('chooseImage')}
              </Button>
              {address && (
                <Button variant="link" onClick={() => remove.mutate()} aria-label={`${t('removeImage')}: ${name}`}>
                  {t('removeImage')}
                </Button>
              )}
              <input
                ref={picker}
                type="file"
                hidden
                accept={TYPES}
                aria-label={name}
                onChange={(event) => {
                  const file = event.target.files?.[0];
                  if (file) put.mutate(file);
                }}
              />
            </div>
          )}
          <ErrorNotice error={put.error ?? remove.error} />
        </div>
      </CardBody>
    </Card>
  );
}

export function BrandingTab() {
  const { t } = useTranslation('settings');
  return (
    <div className="lm-stack">
      <SettingsForm group="branding">
        {(value, onChange) => (
          <>
            <TextField label={t('loginTitle')} value={value.login_title ?? ''} onChange={(text) => onChange({ ...value, login_title: text || null })} />
            <AreaField label={t('loginSubtitle')} value={value.login_subtitle ?? ''} onChange={(text) => onChange({ ...value, login_subtitle: text || null })} />
          </>
        )}
      </SettingsForm>
      <Alert component="h2" isInline isPlain variant="info" title={t('imageHelp')} />
      <div className="lm-cards">
        {IMAGES.map((kind) => (
          <ImageField key={kind} kind={kind} />
        ))}
      </div>
    </div>
  );
}
