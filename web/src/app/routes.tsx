/** Every page and its address. Pages are fetched when they are first opened. */
import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';

import { Login } from '@/features/login/Login';

import { RequireAdmin, RequireLogin } from './guards';
import { NotFound, PageCrash } from './PageErrors';
import { Shell } from './Shell';

/** Makes a route's `lazy` from the module's one page. */
const page =
  <Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name): RouteObject['lazy'] =>
  async () => ({ Component: (await load())[name] });

const userPages: RouteObject[] = [
  { index: true, lazy: page(() => import('@/features/home/Home'), 'Home') },
  { path: 'models', lazy: page(() => import('@/features/models/Models'), 'Models') },
  { path: 'models/*', lazy: page(() => import('@/features/models/ModelPage'), 'ModelPage') },
  { path: 'playground', lazy: page(() => import('@/features/playground/Playground'), 'Playground') },
  { path: 'keys', lazy: page(() => import('@/features/keys/OwnKeys'), 'OwnKeys') },
  { path: 'keys/:id', lazy: page(() => import('@/features/keys/KeyPage'), 'OwnKeyPage') },
  { path: 'teams', lazy: page(() => import('@/features/own-teams/OwnTeams'), 'OwnTeams') },
  { path: 'teams/:id/:tab?', lazy: page(() => import('@/features/own-teams/OwnTeamPage'), 'OwnTeamPage') },
  { path: 'usage', lazy: page(() => import('@/features/usage/UsagePages'), 'OwnUsage') },
  { path: 'access-requests', lazy: page(() => import('@/features/access-requests/OwnRequests'), 'OwnRequests') },
  { path: 'profile', lazy: page(() => import('@/features/profile/Profile'), 'Profile') },
];

const adminPages: RouteObject[] = [
  { index: true, lazy: page(() => import('@/features/overview/Overview'), 'Overview') },
  { path: 'models', lazy: page(() => import('@/features/admin-models/AdminModels'), 'AdminModels') },
  { path: 'models/add', lazy: page(() => import('@/features/admin-models/AddModel'), 'AddModelPage') },
  { path: 'models/edit/*', lazy: page(() => import('@/features/admin-models/ModelGroupPage'), 'ModelGroupPage') },
  { path: 'keys', lazy: page(() => import('@/features/keys/AllKeys'), 'AllKeys') },
  { path: 'keys/:id', lazy: page(() => import('@/features/keys/KeyPage'), 'AnyKeyPage') },
  { path: 'teams', lazy: page(() => import('@/features/teams/Teams'), 'Teams') },
  { path: 'teams/:id', lazy: page(() => import('@/features/teams/TeamPage'), 'TeamPage') },
  { path: 'users', lazy: page(() => import('@/features/users/Users'), 'Users') },
  { path: 'users/:id', lazy: page(() => import('@/features/users/UserPage'), 'UserPage') },
  { path: 'budgets', lazy: page(() => import('@/features/budgets/Budgets'), 'Budgets') },
  { path: 'usage', lazy: page(() => import('@/features/usage/UsagePages'), 'AllUsage') },
  { path: 'usage/labels', lazy: page(() => import('@/features/usage/LabelUsagePage'), 'LabelUsagePage') },
  { path: 'access-requests', lazy: page(() => import('@/features/access-requests/AllRequests'), 'AllRequests') },
  { path: 'guardrails', lazy: page(() => import('@/features/guardrails/Guardrails'), 'Guardrails') },
  { path: 'management-keys', lazy: page(() => import('@/features/management-keys/ManagementKeys'), 'ManagementKeys') },
  { path: 'notices', lazy: page(() => import('@/features/notices/Notices'), 'Notices') },
  { path: 'audit', lazy: page(() => import('@/features/audit/Audit'), 'Audit') },
  { path: 'settings/:tab?', lazy: page(() => import('@/features/settings/Settings'), 'Settings') },
  { path: 'health', lazy: page(() => import('@/features/health/SystemHealthPage'), 'SystemHealthPage') },
];

export const routes: RouteObject[] = [
  { path: '/login', Component: Login },
  {
    Component: RequireLogin,
    children: [
      {
        path: '/',
        Component: Shell,
        ErrorBoundary: PageCrash,
        HydrateFallback: () => null,
        children: [
          {
            ErrorBoundary: PageCrash,
            children: [
              ...userPages,
              { path: 'admin', Component: RequireAdmin, children: adminPages },
              { path: '*', Component: NotFound },
            ],
          },
        ],
      },
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes, { basename: '/ui' });
