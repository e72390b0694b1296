/** What the form of a notice channel sends, and what of it is enough. */
import { expect, test } from 'vitest';

import { channelOrder, isReady, NEW_CHANNEL } from '@/features/notices/channelDraft';

test('a webhook is sent with its address and everything goes through it', () => {
  const draft = { ...NEW_CHANNEL, name: ' ops ', kind: 'webhook' as const, url: ' https://pager.example.com/hook ' };
  expect(channelOrder(draft)).toEqual({ name: 'ops', kind: 'webhook', url: 'https://pager.example.com/hook', events: null });
});

test('e-mail takes the usual port of its encryption and several recipients', () => {
  const draft = { ...NEW_CHANNEL, name: 'mail', kind: 'email' as const, host: 'mail.example.com', sender: 'we@example.com', recipients: 'a@example.com, b@example.com' };
  expect(channelOrder(draft).mail).toEqual({ host: 'mail.example.com', port: 587, security: 'starttls', sender: 'we@example.com', recipients: ['a@example.com', 'b@example.com'] });
  expect(channelOrder({ ...draft, security: 'tls' }).mail?.port).toBe(465);
});

test('a password is sent only where there is encryption', () => {
  const draft = { ...NEW_CHANNEL, kind: 'email' as const, username: 'we', password: 'open sesame' };
  expect(channelOrder(draft).mail).toMatchObject({ username: 'we', password: 'open sesame' });
  expect(JSON.stringify(channelOrder({ ...draft, security: 'none' }))).not.toContain('open sesame');
});

test('a channel without an address is not ready', () => {
  expect(isReady({ ...NEW_CHANNEL, name: 'ops' })).toBe(false);
  expect(isReady({ ...NEW_CHANNEL, name: 'ops', url: 'hooks.slack.com' })).toBe(false);
  expect(isReady({ ...NEW_CHANNEL, name: 'ops', url: 'https://hooks.slack.com/x' })).toBe(true);
  expect(isReady({ ...NEW_CHANNEL, name: 'mail', kind: 'email', url: 'https://hooks.slack.com/x' })).toBe(false);
});
