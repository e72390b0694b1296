/** Routes of management keys, notices, guardrails, usage by label, and the models of OpenShift AI. */
import type { GuardedHolder, Guardrail, NewChannel } from '@/api/types';

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

const addGuardrail: Answer = ({ world, body }) => {
  const item = { ...(body as Guardrail), patterns: [], entities: [], bindings: [], created_at: fromNow(0), created_by: 'Ana Lopes' };
  world.guardrails.push(item);
  return item;
};

const bind: Answer = ({ world }, name, holder, id = '') => {
  const guardrail = world.guardrails.find((one) => one.name === name);
  guardrail?.bindings.push({ holder: holder as GuardedHolder, id, name: world.teams.find((team) => team.id === id)?.name ?? id });
  return guardrail;
};

const unbind: Answer = ({ world }, name, holder, id) => {
  const guardrail = world.guardrails.find((one) => one.name === name);
  if (guardrail) guardrail.bindings = guardrail.bindings.filter((one) => one.holder !== holder || one.id !== id);
  return guardrail;
};

const attempt: Answer = ({ body }) => {
  const { text } = body as { text: string };
  const start = text.indexOf('TICKET-42');
  return { findings: start < 0 ? [] : [{ kind: 'PATTERN', start, end: start + 9 }], masked: text.replace('TICKET-42', '[PATTERN]') };
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
  ['GET /admin/guardrails', ({ world }) => ({ items: world.guardrails })],
  ['POST /admin/guardrails', addGuardrail],
  ['DELETE /admin/guardrails/:name', ({ world }, name) => void (world.guardrails = world.guardrails.filter((one) => one.name !== name))],
  ['POST /admin/guardrails/:name/test', attempt],
  ['PUT /admin/guardrails/:name/bindings/:holder/:id', bind],
  ['DELETE /admin/guardrails/:name/bindings/:holder/:id', unbind],
  ['GET /admin/usage/labels', ({ world }) => ({ names: world.size === 'empty' ? [] : ['cost_centre', 'project'] })],
  ['GET /admin/usage/labels/:name', (call) => labelUsage(days(call))],
  ['GET /admin/openshift-ai', ({ world }) => (world.size === 'many' ? openShiftAi : { enabled: false, items: [], refused: [] })],
];
