/** Every page, for the tests that walk them all. */
export const USER_PAGES = {
  home: '/',
  models: '/models',
  'models-table': '/models?view=table',
  model: '/models/granite-3-2-8b-instruct',
  playground: '/playground',
  keys: '/keys',
  key: '/keys/key-1',
  'own-teams': '/teams',
  'own-team': '/teams/team-1',
  'own-team-keys': '/teams/team-1/keys',
  'own-team-usage': '/teams/team-1/usage',
  usage: '/usage',
  'my-requests': '/access-requests',
  profile: '/profile',
} as const;

export const ADMIN_PAGES = {
  overview: '/admin',
  'admin-models': '/admin/models',
  'admin-model': '/admin/models/edit/granite-3-2-8b-instruct',
  'add-model': '/admin/models/add',
  'admin-keys': '/admin/keys',
  'admin-key': '/admin/keys/key-1',
  teams: '/admin/teams',
  team: '/admin/teams/team-1',
  users: '/admin/users',
  user: '/admin/users/ana',
  budgets: '/admin/budgets',
  'admin-usage': '/admin/usage',
  'usage-by-label': '/admin/usage/labels',
  'access-requests': '/admin/access-requests',
  guardrails: '/admin/guardrails',
  'management-keys': '/admin/management-keys',
  notices: '/admin/notices',
  audit: '/admin/audit',
  'settings-defaults': '/admin/settings/defaults',
  'settings-login': '/admin/settings/login',
  'settings-banners': '/admin/settings/banners',
  'settings-branding': '/admin/settings/branding',
  'settings-currency': '/admin/settings/currency',
  health: '/admin/health',
} as const;

/** Pages of one thing, which an empty world does not have. */
export const DETAIL_PAGES = new Set(['model', 'key', 'admin-model', 'admin-key', 'team', 'user', 'own-team', 'own-team-keys', 'own-team-usage']);
