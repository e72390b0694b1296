/** A new channel: Slack, Teams, a webhook of one's own, or e-mail. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { NOTICE_EVENTS, NOTICE_KINDS } from '@/api/choices';
import { call } from '@/api/http';
import { useChange } from '@/api/query';
import type { NoticeEvent } from '@/api/types';
import { NumberField, SelectField, TextField } from '@/shared/fields/Fields';
import { MultiSelect } from '@/shared/fields/MultiSelect';
import { FormDialog } from '@/shared/FormDialog';
import { ShownOnce } from '@/shared/ShownOnce';
import { useToast } from '@/shared/Toasts';

import { channelOrder, isReady, NEW_CHANNEL, PORTS, type ChannelDraft } from './channelDraft';

export const NOTICE_READS = ['/admin/notice-channels', '/admin/notices'] as const;
const SECURITIES = ['starttls', 'tls', 'none'] as const;

interface PartProps {
  draft: ChannelDraft;
  onChange: (draft: ChannelDraft) => void;
}

function MailFields({ draft, onChange }: PartProps) {
  const { t } = useTranslation('notices');
  return (
    <>
      <TextField label={t('recipients')} help={t('recipientsHelp')} value={draft.recipients} onChange={(recipients) => onChange({ ...draft, recipients })} isRequired autoComplete="off" />
      <TextField label={t('sender')} value={draft.sender} onChange={(sender) => onChange({ ...draft, sender })} type="email" isRequired autoComplete="off" />
      <div className="lm-fields">
        <TextField label={t('host')} value={draft.host} onChange={(host) => onChange({ ...draft, host })} placeholder="mail.example.com" isRequired autoComplete="off" />
        <SelectField
          label={t('security')}
          value={draft.security}
          options={SECURITIES.map((security) => ({ value: security, label: t(`securities.${security}`) }))}
          onChange={(security) => onChange({ ...draft, security })}
        />
        <NumberField label={t('port')} value={draft.port} onChange={(port) => onChange({ ...draft, port })} placeholder={String(PORTS[draft.security])} />
      </div>
      {draft.security !== 'none' && (
        <div className="lm-fields">
          <TextField label={t('username')} value={draft.username} onChange={(username) => onChange({ ...draft, username })} autoComplete="off" />
          <TextField label={t('password')} help={t('secretHelp')} type="password" value={draft.password} onChange={(password) => onChange({ ...draft, password })} autoComplete="new-password" />
        </div>
      )}
    </>
  );
}

export function AddChannel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('notices');
  const toast = useToast();
  const [draft, setDraft] = useState(NEW_CHANNEL);
  const add = useChange((body: ChannelDraft) => call('post', '/admin/notice-channels', { body: channelOrder(body) }), NOTICE_READS);
  if (add.data?.signing_key) {
    const { item, signing_key: key } = add.data;
    return <ShownOnce title={t('addedTitle', { name: item.name })} help={t('signingKeyHelp')} secret={key} label={t('signingKey')} onClose={onClose} />;
  }
  return (
    <FormDialog
      title={t('add')}
      description={t('addHelp')}
      verb={t('add')}
      isValid={isReady(draft)}
      onSubmit={async () => {
        const added = await add.mutateAsync(draft);
        if (added.signing_key !== null) return;
        toast(t('addedTitle', { name: added.item.name }));
        onClose();
      }}
      onClose={onClose}
    >
      <TextField label={t('name')} value={draft.name} onChange={(name) => setDraft({ ...draft, name })} isRequired autoFocus autoComplete="off" />
      <SelectField
        label={t('kind')}
        help={t(`kindHelp.${draft.kind}`)}
        value={draft.kind}
        options={NOTICE_KINDS.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
        onChange={(kind) => setDraft({ ...draft, kind })}
      />
      {draft.kind === 'email' ? (
        <MailFields draft={draft} onChange={setDraft} />
      ) : (
        <TextField label={t('url')} help={t('secretHelp')} type="url" value={draft.url} onChange={(url) => setDraft({ ...draft, url })} placeholder="https://" isRequired autoComplete="off" />
      )}
      <MultiSelect
        label={t('events')}
        help={t('eventsHelp')}
        placeholder={t('everything')}
        value={draft.events}
        choices={NOTICE_EVENTS.map((event) => ({ value: event, label: t(`event.${event}`) }))}
        onChange={(events) => setDraft({ ...draft, events: events as NoticeEvent[] })}
      />
    </FormDialog>
  );
}
