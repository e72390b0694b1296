/** An announcement: its text in each language, how it looks, and when it is shown. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { call } from '@/api/http';
import { SESSION, useChange } from '@/api/query';
import type { Banner, BannerStyle } from '@/api/types';
import { LANGUAGES, type Language } from '@/i18n';
import { AreaField, SelectField, SwitchField, TextField } from '@/shared/fields/Fields';
import { FormDialog } from '@/shared/FormDialog';
import { useToast } from '@/shared/Toasts';

export const BANNER_READS = ['/admin/banners', SESSION[0]] as const;
const STYLES: readonly BannerStyle[] = ['info', 'success', 'warning', 'danger', 'default'];
const NEW: Omit<Banner, 'id'> = { content: { en: '' }, style: 'info', dismissible: true, active: true, starts_at: null, ends_at: null };

/** An instant as a `datetime-local` field shows it, in the reader's own time zone. */
function localTime(instant: string | null): string {
  if (!instant) return '';
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function BannerForm({ banner, onClose }: { banner?: Banner; onClose: () => void }) {
  const { t } = useTranslation(['settings', 'common']);
  const toast = useToast();
  const [draft, setDraft] = useState<Omit<Banner, 'id'>>(banner ?? NEW);
  const [language, setLanguage] = useState<Language>('en');
  const save = useChange(
    (body: Omit<Banner, 'id'>) =>
      banner ? call('patch', '/admin/banners/{banner_id}', { path: { banner_id: banner.id }, body }) : call('post', '/admin/banners', { body }),
    BANNER_READS,
  );
  const moment = (text: string) => (text ? new Date(text).toISOString() : null);
  return (
    <FormDialog
      title={banner ? t('editBanner') : t('addBanner')}
      verb={banner ? t('common:save') : t('addBanner')}
      isValid={Boolean(draft.content.en?.trim())}
      onSubmit={async () => {
        const content = Object.fromEntries(Object.entries(draft.content).filter(([, text]) => text.trim() !== ''));
        const { style, dismissible, active, starts_at, ends_at } = draft;
        await save.mutateAsync({ content, style, dismissible, active, starts_at, ends_at });
        toast(t('common:saved'));
        onClose();
      }}
      onClose={onClose}
    >
      <SelectField
        label={t('language')}
        help={t('languageHelp')}
        value={language}
        options={Object.entries(LANGUAGES).map(([value, label]) => ({ value: value as Language, label }))}
        onChange={setLanguage}
      />
      <AreaField
        label={t('bannerText')}
        value={draft.content[language] ?? ''}
        onChange={(text) => setDraft({ ...draft, content: { ...draft.content, [language]: text } })}
        isRequired={language === 'en'}
      />
      <SelectField
        label={t('style')}
        value={draft.style}
        options={STYLES.map((style) => ({ value: style, label: t(`styles.${style}`) }))}
        onChange={(style) => setDraft({ ...draft, style })}
      />
      <div className="lm-fields">
        <TextField label={t('startsAt')} type="datetime-local" value={localTime(draft.starts_at)} onChange={(text) => setDraft({ ...draft, starts_at: moment(text) })} />
        <TextField label={t('endsAt')} type="datetime-local" value={localTime(draft.ends_at)} onChange={(text) => setDraft({ ...draft, ends_at: moment(text) })} />
      </div>
      <SwitchField label={t('dismissible')} checked={draft.dismissible} onChange={(dismissible) => setDraft({ ...draft, dismissible })} />
      <SwitchField label={t('active')} checked={draft.active} onChange={(active) => setDraft({ ...draft, active })} />
    </FormDialog>
  );
}
