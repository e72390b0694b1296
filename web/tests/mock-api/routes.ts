/** The routes of the REST contract that the pages call, answered from a world in memory. */
import type { Home, NewKey, Overview, TestReport } from '@/api/types';

import { automationRoutes } from './automation';
import { freshKey } from './fixtures/keys';
import { catalogue, defaultRouting, modelGroups, providers } from './fixtures/models';
import { me, ownSessions, person } from './fixtures/people';
import { DAY_MS, fromNow } from './fixtures/random';
import { defaults, login, session, systemHealth } from './fixtures/system';
import { breakdown, callErrors, heatmap, noUse, points, summary, trend } from './fixtures/usage';
import { page } from './lists';
import type { World } from './state';

export interface Call {
  world: World;
  parameters: URLSearchParams;
  body: unknown;
  address: string;
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export type Answer = (call: Call, ...parts: string[]) => unknown;

const daysOf = ({ parameters }: Call): number =>
  Math.round((Date.parse(parameters.get('until') ?? '') - Date.parse(parameters.get('since') ?? '')) / DAY_MS) + 1;

const names = ({ world, parameters }: Call): string[] => {
  if (world.size === 'empty') return [];
  const by = parameters.get('group_by');
  const all =
    by === 'user' ? world.users.map((user) => user.name) : by === 'team' ? world.teams.map((team) => team.name) : by === 'key' ? world.keys.map((key) => key.alias) : world.models.map((model) => model.name);
  return all.slice(0, 9);
};

function named<T>(rows: readonly T[], match: (row: T) => boolean): T {
  const row = rows.find(match);
  if (!row) throw new Refusal(404, 'not_found', 'There is no such thing.');
  return row;
}

function issue({ world, body }: Call) {
  const order = body as NewKey;
  if (world.keys.some((key) => key.alias === order.alias)) throw new Refusal(409, 'alias_taken', `There is already a key named ${order.alias ?? ''}.`);
  const item = { ...freshKey(`key-new-${world.keys.length + 1}`, order.alias ?? '', order.models ?? []), max_budget: order.max_budget?.toString() ?? null };
  world.keys.unshift(item);
  return { key: 'sk-8fK2mQzR4tVw9yB3nHx7Qa', item };
}

function home({ world }: Call): Home {
  const isEmpty = world.size === 'empty';
  return {
    budgets: isEmpty ? [] : [
      { kind: 'user', name: 'Ana Lopes', spent: '83.120045', max_budget: '100', soft_budget: '80', budget_duration: '1mo', window_resets_at: fromNow(9 * DAY_MS) },
      { kind: 'team', name: 'Blue', spent: '112.50', max_budget: '500', soft_budget: null, budget_duration: '1mo', window_resets_at: fromNow(9 * DAY_MS) },
    ],
    keys_expiring: world.keys.filter((key) => key.state === 'expiring').slice(0, 2).map((key) => ({ id: key.id, alias: key.alias, expires_at: key.expires_at ?? '' })),
    keys_active: world.keys.filter((key) => key.state === 'active').length,
    models_available: world.models.filter((model) => model.access === 'granted').length,
    pending_requests: world.requests.filter((request) => request.status === 'pending').length,
    spend_today: isEmpty ? '0' : '2.184201',
    requests_today: isEmpty ? 0 : 1432,
    last_errors: world.size === 'many' ? callErrors : [],
  };
}

function overview({ world }: Call): Overview {
  const groups = modelGroups(world.models);
  const isEmpty = world.size === 'empty';
  return {
    requests_today: isEmpty ? 0 : 48_211,
    failed_today: isEmpty ? 0 : 310,
    first_token_ms_p50: isEmpty ? null : 212,
    first_token_ms_p95: isEmpty ? null : 1140,
    spend_today: isEmpty ? '0' : '61.402213',
    budget: isEmpty ? null : { spent: '811.20', max_budget: '1000', window_resets_at: fromNow(9 * DAY_MS) },
    trend: isEmpty ? [] : points(3),
    unhealthy: groups.flatMap((group) => group.deployments.filter((one) => one.health === 'unhealthy').map((one) => ({ deployment_id: one.id, model: group.name, api_base: one.api_base, health: one.health, last_error: one.last_error, last_checked_at: one.last_checked_at }))),
    open_requests: world.requests.filter((request) => request.status === 'pending').length,
    models_count: world.models.length,
    keys_count: world.keys.length,
    users_count: world.users.length,
  };
}

function test({ body }: Call): TestReport {
  const { api_base: apiBase } = body as { api_base: string | null };
  const fails = apiBase?.includes('broken') ?? false;
  return {
    ok: !fails,
    steps: [
      { step: 'dns', verdict: 'passed', message: 'The address is known: 127.0.0.1.' },
      { step: 'tls', verdict: 'passed', message: 'TLS 1.3; the certificate is valid for another 61 days.' },
      { step: 'auth', verdict: fails ? 'failed' : 'passed', message: fails ? 'The endpoint answered 401: the API key is not accepted.' : 'The credential is accepted.' },
      { step: 'model', verdict: fails ? 'skipped' : 'passed', message: fails ? 'Not tried.' : 'The endpoint has this model.' },
      { step: 'call', verdict: fails ? 'skipped' : 'passed', message: fails ? 'Not tried.' : 'It answered with 3 tokens.' },
    ],
  };
}

function addModel({ world, body }: Call) {
  const order = body as { public_name: string };
  if (world.models.some((model) => model.name === order.public_name)) throw new Refusal(409, 'name_taken', `There is already a model named ${order.public_name}.`);
  const [template] = catalogue(1);
  if (template) world.models.push({ ...template, name: order.public_name });
}

const bulk: Answer = ({ body }) => ({ results: (body as { ids: string[] }).ids.map((id, index) => ({ id, ok: index !== 1, error: index === 1 ? 'It was changed by somebody else.' : null })) });
const findKey: Answer = ({ world }, id) => named(world.keys, (key) => key.id === id);
const listModels: Answer = ({ world, parameters }) => {
  const access = parameters.get('access');
  const rows = world.models.filter((model) => !access || access === 'all' || model.access === access);
  return page(rows, parameters);
};

/** Removes a row or changes its state, so that the pages see what they did. */
const setKeyState =
  (state: 'blocked' | 'active' | 'revoked'): Answer =>
  (call, id) => {
    named(call.world.keys, (key) => key.id === id).state = state;
  };

const usage = (prefix: string): [string, Answer][] => [
  [`GET ${prefix}/summary`, (call) => (names(call).length ? summary(names(call), daysOf(call)) : noUse)],
  [`GET ${prefix}/trend`, (call) => trend(names(call), daysOf(call))],
  [`GET ${prefix}/breakdown`, (call) => ({ items: breakdown(names(call), daysOf(call)) })],
  [`GET ${prefix}/heatmap`, (call) => ({ cells: call.world.size === 'empty' ? [] : heatmap(daysOf(call)) })],
];

const keyRoutes = (prefix: string): [string, Answer][] => [
  [`GET ${prefix}`, ({ world, parameters }) => page(world.keys, parameters)],
  [`POST ${prefix}`, issue],
  [`GET ${prefix}/:id`, findKey],
  [`PATCH ${prefix}/:id`, (call, id) => Object.assign(findKey(call, id) as object, call.body)],
  [`DELETE ${prefix}/:id`, setKeyState('revoked')],
  [`POST ${prefix}/:id/block`, setKeyState('blocked')],
  [`POST ${prefix}/:id/unblock`, setKeyState('active')],
  [`POST ${prefix}/:id/rotate`, (call, id) => ({ key: 'sk-3pL9sDfG6hJk1qWe5rTy2u', item: findKey(call, id) })],
  [`GET ${prefix}/:id/usage`, () => ({ trend: points(4), by_model: breakdown(['granite-3-2-8b-instruct', 'mistral-7b-instruct']) })],
  [`GET ${prefix}/:id/errors`, () => ({ items: callErrors })],
];

const entries: [string, Answer][] = [
  ['GET /session', ({ world, address }) => session(world.user, world.banners.filter((banner) => banner.active), address)],
  [
    'POST /auth/password',
    ({ world, body }) => {
      if ((body as { password: string }).password !== 'correct horse') throw new Refusal(401, 'wrong_password', 'User name or password is wrong.');
      world.user = person('admin');
    },
  ],
  ['POST /auth/logout', ({ world }) => ((world.user = null), { redirect: null })],
  ['GET /auth/sessions', () => ({ items: ownSessions })],
  ['GET /me', ({ world }) => me(world.user ?? person('user'))],
  ['GET /me/home', home],
  ['GET /models', listModels],
  ['GET /models/:name', ({ world }, name) => named(world.models, (model) => model.name === name)],
  ['GET /access-requests', ({ world, parameters }) => page(world.requests, parameters)],
  ...keyRoutes('/admin/keys'),
  ...keyRoutes('/keys'),
  ['POST /admin/keys/bulk', bulk],
  ...usage('/usage'),
  ...usage('/admin/usage'),
  ...usage('/teams/:id/usage'),
  ...automationRoutes,
  ['GET /teams', ({ world, parameters }) => page(world.teams.slice(0, 3), parameters)],
  ['GET /teams/:id', ({ world }, id) => named(world.teams, (team) => team.id === id)],
  ['GET /admin/overview', overview],
  ['GET /admin/providers', () => ({ items: providers })],
  ['GET /providers', ({ world }) => ({ items: [...new Map(world.models.map((model) => [model.provider, { id: model.provider, title: model.provider_title }])).values()] })],
  ['GET /admin/routing', () => defaultRouting],
  ['GET /admin/models', ({ world, parameters }) => page(modelGroups(world.models), parameters)],
  ['POST /admin/models', addModel],
  ['POST /admin/models/test', test],
  ['POST /admin/models/discover', () => ({ models: ['granite-3-2-8b-instruct', 'granite-guardian-3-2', 'mistral-small-24b'] })],
  ['GET /admin/models/:name', ({ world }, name) => named(modelGroups(world.models), (group) => group.name === name)],
  ['DELETE /admin/models/:name', ({ world }, name) => void (world.models = world.models.filter((model) => model.name !== name))],
  ['POST /admin/deployments/:id/test', test],
  ['GET /admin/users', ({ world, parameters }) => page(world.users, parameters)],
  ['POST /admin/users/bulk', bulk],
  ['GET /admin/users/:id', ({ world }, id) => named(world.users, (user) => user.id === id)],
  ['GET /admin/teams', ({ world, parameters }) => page(world.teams, parameters)],
  ['GET /admin/teams/:id', ({ world }, id) => named(world.teams, (team) => team.id === id)],
  ['GET /admin/budgets', ({ world, parameters }) => page(world.budgets, parameters)],
  ['GET /admin/access-requests', ({ world, parameters }) => page(world.requests, parameters)],
  [
    'POST /admin/access-requests/decide',
    ({ world, body }) => {
      const { ids, decision } = body as { ids: string[]; decision: string };
      for (const request of world.requests) if (ids.includes(request.id)) request.status = decision === 'approve' ? 'approved' : 'denied';
      return { results: ids.map((id) => ({ id, ok: true, error: null })) };
    },
  ],
  ['GET /admin/audit', ({ world, parameters }) => page(world.audit, parameters)],
  ['GET /admin/banners', ({ world, parameters }) => page(world.banners, parameters)],
  ['GET /admin/settings/defaults', () => defaults],
  ['GET /admin/settings/login', () => login],
  ['GET /admin/settings/branding', () => ({ login_title: null, login_subtitle: null })],
  ['GET /admin/settings/currency', () => ({ currency: 'USD' })],
  ['GET /admin/health', ({ world }) => systemHealth(modelGroups(world.models))],
];

const table = entries.map(([pattern, answer]) => {
  const [method = '', path = ''] = pattern.split(' ');
  return { method, path: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`), isLiteral: !path.includes(':'), answer };
});

/** Answers a call; a write that nobody listens for succeeds, as most writes change nothing a page reads back. */
export function answer(method: string, path: string, call: Call): unknown {
  const fitting = table.filter((route) => route.method === method && route.path.test(path)).sort((a, b) => Number(b.isLiteral) - Number(a.isLiteral));
  const [route] = fitting;
  if (!route) {
    if (method === 'GET') throw new Refusal(404, 'not_found', `The double does not know ${path}.`);
    return undefined;
  }
  return route.answer(call, ...(route.path.exec(path) ?? []).slice(1).map(decodeURIComponent));
}
