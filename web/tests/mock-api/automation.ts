/** Routes of automation: management keys, notices, usage by label, and the models of OpenShift AI. */
import type { NewChannel } from '@/api/types';

import { labelUsage, managementKeys, openShiftAi } from './fixtures/automation';
import { DAY_MS, fromNow } from './fixtures/random';
import type { Answer, Call } from './routes';

const days = ({ parameters }: Call): number => Math.round((Date.parse(parameters.get('until') ?? '') - Date.parse(parameters.get('since') ?? '')) / DAY_MS) + 1;

const issue: Answer = ({ world, body }) => {
  const { name, scopes, duration } = body as { name: string; scopes: [] ; duration: string | null };
  const [template] = managementKeys(1);
  if (!template) return undefined;
  const item = { ...template, id: `management-key-${name}`, name, scopes, expires_at: duration && fromNow(90 * DAY_MS), last_used_at: null };
  world.managementKeys.unshift(item);
  return { key: 'sk-mgmt-2mQzR4tVw9yB3nHx7Qa8fK', item };
};

const add: Answer = ({ world, body }) => {
  const { name, kind, events } = body as NewChannel;
  const item = { id: `channel-${name}`, name, kind, place: 'https://hooks.example.com', events: events ?? null, created_at: fromNow(0), created_by: 'Ana Lopes' };
  world.channels.push(item);
  return { item, signing_key: kind === 'webhook' ? 'kQ8s-signs-what-is-ours-3fZ' : null };
};

export const automationRoutes: [string, Answer][] = [
  ['GET /admin/management-keys', ({ world }) => ({ items: world.managementKeys })],
  ['POST /admin/management-keys', issue],
  ['DELETE /admin/management-keys/:id', ({ world }, id) => void (world.managementKeys = world.managementKeys.filter((key) => key.id !== id))],
  ['GET /admin/notice-channels', ({ world }) => ({ items: world.channels })],
  ['POST /admin/notice-channels', add],
  ['POST /admin/notice-channels/:name/test', (_, name) => (name === 'pager' ? { ok: false, error: 'pager.example.com answers with status 503.' } : { ok: true, error: null })],
  ['DELETE /admin/notice-channels/:name', ({ world }, name) => void (world.channels = world.channels.filter((channel) => channel.name !== name))],
  ['GET /admin/notices', ({ world }) => ({ items: world.notices })],
  ['GET /admin/usage/labels', ({ world }) => ({ names: world.size === 'empty' ? [] : ['cost_centre', 'project'] })],
  ['GET /admin/usage/labels/:name', (call) => labelUsage(days(call))],
  ['GET /admin/openshift-ai', ({ world }) => (world.size === 'many' ? openShiftAi : { enabled: false, items: [], refused: [] })],
];
