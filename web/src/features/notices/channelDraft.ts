/** The form of a channel: how it starts, and what is sent of it. */
import type { NewChannel, NoticeEvent, NoticeKind } from '@/api/types';

export interface ChannelDraft {
  name: string;
  kind: NoticeKind;
  url: string;
  /** None chosen: everything. */
  events: NoticeEvent[];
  host: string;
  port: number | null;
  security: 'starttls' | 'tls' | 'none';
  username: string;
  password: string;
  sender: string;
  recipients: string;
}

export const NEW_CHANNEL: ChannelDraft = {
  name: '',
  kind: 'slack',
  url: '',
  events: [],
  host: '',
  port: null,
  security: 'starttls',
  username: '',
  password: '',
  sender: '',
  recipients: '',
};

/** The usual port of each way to speak to a mail server. */
export const PORTS = { starttls: 587, tls: 465, none: 25 } as const;

const recipientsOf = (draft: ChannelDraft): string[] => draft.recipients.split(/[,;\s]+/).filter(Boolean);

const mailOf = (draft: ChannelDraft): NonNullable<NewChannel['mail']> => ({
  host: draft.host.trim(),
  port: draft.port ?? PORTS[draft.security],
  security: draft.security,
  sender: draft.sender.trim(),
  recipients: recipientsOf(draft),
  ...(draft.security !== 'none' && draft.username && { username: draft.username.trim(), password: draft.password || null }),
});

export const channelOrder = (draft: ChannelDraft): NewChannel => ({
  name: draft.name.trim(),
  kind: draft.kind,
  events: draft.events.length > 0 ? draft.events : null,
  ...(draft.kind === 'email' ? { mail: mailOf(draft) } : { url: draft.url.trim() }),
});

/** Whether enough is said to send something through it. */
export function isReady(draft: ChannelDraft): boolean {
  if (draft.name.trim() === '') return false;
  if (draft.kind !== 'email') return /^https?:\/\/\S+$/.test(draft.url.trim());
  return draft.host.trim() !== '' && draft.sender.includes('@') && recipientsOf(draft).length > 0;
}
