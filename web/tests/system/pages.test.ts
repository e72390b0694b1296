/** Every page of a system in use, wide and light, narrow and dark: axe finds nothing, nothing sticks out, every head that sorts does. */
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';

import { ADMIN_PAGES, USER_PAGES } from '../pages/pages';
import { settled, tooWide, type Look } from '../support/browser';

import { MODELS } from './model-server';
import { addModels, chat, ledger, portal } from './portal';
import { setScene } from './scene';

const scene = setScene();
let paths: Record<string, string> = {};

/** Somebody has a key, calls models, is in a team, and waits for a model; an administrator looks after that team and after automation. */
beforeAll(async () => {
  const { stage } = scene;
  const admin = await scene.enter('admin');
  await addModels(admin, stage);
  const page = await scene.enter('ana');
  const { id } = await portal<{ id: string }>(page, 'GET', '/me');
  const { key, item } = await portal<{ key: string; item: { id: string } }>(page, 'POST', '/keys', { alias: 'support assistant', models: MODELS.slice(0, 2), max_budget: '25', budget_duration: '30d' });
  await portal(page, 'POST', '/access-requests', { model: MODELS[2], reason: 'For the code assistant' });
  for (const model of [MODELS[0], MODELS[1], MODELS[2]]) await chat(stage, key, model);
  await ledger(stage, id, 2);
  const team = await portal<{ id: string }>(admin, 'POST', '/admin/teams', { name: 'Blue', models: ['all-proxy-models'], max_budget: '500', budget_duration: '1mo' });
  await portal(admin, 'PUT', `/admin/teams/${team.id}/members/${encodeURIComponent(id)}`, { role: 'member' });
  const own = await portal<{ id: string }>(admin, 'GET', '/me');
  await portal(admin, 'PUT', `/admin/teams/${team.id}/members/${encodeURIComponent(own.id)}`, { role: 'admin' });
  await portal(admin, 'POST', '/admin/management-keys', { name: 'ci', scopes: ['keys:read'], duration: '30d' });
  await portal(admin, 'POST', '/admin/notice-channels', { name: 'ops', kind: 'slack', url: 'https://hooks.example.com/services/T0/B0/x' });
  await portal(admin, 'POST', '/admin/guardrails', { name: 'secrets', kind: 'secrets', action: 'log' });
  await portal(admin, 'POST', '/admin/budgets', { id: 'students', max_budget: '10', budget_duration: '30d' });
  paths = {
    ...USER_PAGES,
    ...ADMIN_PAGES,
    model: `/models/${MODELS[0]}`,
    'admin-model': `/admin/models/edit/${MODELS[0]}`,
    key: `/admin/keys/${item.id}`,
    'admin-key': `/admin/keys/${item.id}`,
    team: `/admin/teams/${team.id}`,
    'own-team': `/teams/${team.id}`,
    'own-team-keys': `/teams/${team.id}/keys`,
    'own-team-usage': `/teams/${team.id}/usage`,
    user: `/admin/users/${encodeURIComponent(id)}`,
  };
});

async function sortByEveryHead(page: Page): Promise<void> {
  const heads = page.locator('th button');
  for (let index = 0; index < (await heads.count()); index += 1) {
    await heads.nth(index).click();
    await settled(page);
    expect(await page.getByText('That did not work').count(), await heads.nth(index).innerText()).toBe(0);
  }
}

const LOOKS: [string, Look][] = [
  ['1280-light', { width: 1280, theme: 'light' }],
  ['390-dark', { width: 390, theme: 'dark' }],
];

describe.each(LOOKS)('%s', (name, look) => {
  test.each([...Object.keys(USER_PAGES), ...Object.keys(ADMIN_PAGES)])('%s is clean', async (subject) => {
    const page = await scene.enter('admin', paths[subject], look);
    await scene.inspect(page, `${subject}-${name}`);
    expect(await tooWide(page)).toEqual([]);
    if (look.width === 1280) await sortByEveryHead(page);
  });
});
