/** What an administrator does, each thing to its end; and what a read-only one and a user are kept from. */
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';

import { ADMIN_PAGES, DETAIL_PAGES } from '../pages/pages';

import { MODELS } from './model-server';
import { addModels, chat, portal } from './portal';
import { setScene } from './scene';

const scene = setScene();
const dialog = (page: Page): Locator => page.getByRole('dialog');
const rowOf = (page: Page, name: string): Locator => page.getByRole('row').filter({ hasText: name });
/** The smallest PNG that there is: one pixel. */
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

async function act(page: Page, row: string, action: string): Promise<void> {
  await rowOf(page, row).getByRole('button', { name: /^Actions of/ }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

async function submit(page: Page, verb: string): Promise<void> {
  await dialog(page).getByRole('button', { name: verb, exact: true }).click();
  await dialog(page).waitFor({ state: 'detached' });
}

beforeAll(async () => {
  await addModels(await scene.enter('admin'), scene.stage);
});

test('a key with a budget is generated for a user, and its budget holds', async () => {
  const { stage } = scene;
  const page = await scene.enter('admin', '/admin/keys');
  await page.getByRole('button', { name: 'Generate key', exact: true }).first().click();
  await dialog(page).getByLabel('Name').fill('workshop');
  await dialog(page).getByLabel('User ID').fill('user1@example.com');
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await page.getByRole('menuitem', { name: MODELS[0] }).click();
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('1');
  await dialog(page).getByLabel('Duration').selectOption('7d');
  await dialog(page).getByRole('button', { name: 'Generate key' }).click();
  const key = await dialog(page).getByText(/^sk-/).first().innerText();
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  expect([await chat(stage, key, MODELS[0]), await chat(stage, key, MODELS[0])]).toEqual([200, 429]);
  await scene.open(page, '/admin/keys?state=over_budget');
  await rowOf(page, 'workshop').getByText('Over budget').waitFor();
  await page.getByRole('checkbox', { name: 'Select workshop' }).click();
  await page.getByRole('button', { name: 'Block', exact: true }).click();
  await submit(page, 'Block');
  await scene.open(page, '/admin/keys?state=blocked');
  await rowOf(page, 'workshop').waitFor();
});

test('users, teams and budgets are added, changed and removed', async () => {
  const page = await scene.enter('admin', '/admin/users');
  await page.getByRole('button', { name: 'Add user' }).click();
  await dialog(page).getByLabel('User ID').fill('dora');
  await dialog(page).getByLabel('Name').fill('Dora Diaz');
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('40');
  await scene.inspect(page, 'user-to-be-added');
  await submit(page, 'Add user');
  await act(page, 'Dora Diaz', 'Edit');
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('60');
  await submit(page, 'Save');
  await rowOf(page, 'Dora Diaz').getByText('$0.00 of $60.00').waitFor();
  await act(page, 'Dora Diaz', 'Block');
  await submit(page, 'Block');
  await rowOf(page, 'Dora Diaz').getByText('Blocked').waitFor();

  await scene.open(page, '/admin/teams');
  await page.getByRole('button', { name: 'Add team' }).first().click();
  await dialog(page).getByLabel('Name').fill('Blue');
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('500');
  await submit(page, 'Add team');
  await page.getByRole('link', { name: 'Blue' }).click();
  await page.getByLabel('User ID').fill('dora');
  await page.getByLabel('Role in the team').selectOption('admin');
  await page.getByRole('button', { name: 'Add member' }).click();
  await rowOf(page, 'Dora Diaz').getByText('Team administrator').waitFor();
  await scene.inspect(page, 'team-with-a-member');

  await scene.open(page, '/admin/budgets');
  await page.getByRole('button', { name: 'Add budget' }).first().click();
  await dialog(page).getByLabel('Name').fill('students');
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('10');
  await dialog(page).getByLabel('Budget period').selectOption('30d');
  await submit(page, 'Add budget');
  await act(page, 'students', 'Remove budget');
  await submit(page, 'Remove budget');
  await page.getByText('No budgets yet').waitFor();

  await scene.open(page, '/admin/users');
  await act(page, 'Dora Diaz', 'Remove user');
  await dialog(page).getByRole('textbox').fill('dora');
  await submit(page, 'Remove user');
  await rowOf(page, 'Dora Diaz').waitFor({ state: 'detached' });

  // Each of these is in the audit log, with who, what, before and after.
  await scene.open(page, '/admin/audit');
  await rowOf(page, 'max_budget: 40 → 60').getByText('dora').waitFor();
  await scene.inspect(page, 'audit-after-changes');
});

test('a model is given another price, routing, a second deployment and a test, and is removed', async () => {
  const { stage } = scene;
  const page = await scene.enter('admin', `/admin/models/edit/${MODELS[1]}`);
  await page.getByLabel('Input price', { exact: true }).fill('2.5');
  await page.getByRole('button', { name: 'Set prices' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('button', { name: 'More prices' }).click();
  await page.getByLabel('Price per image of a prompt').fill('0.01');
  await page.getByLabel('Valid from').fill('2999-01-01');
  await page.getByRole('button', { name: 'Set prices' }).click();
  await rowOf(page, 'Jan 1, 2999').getByText('$2.50 in / $1,500.00 out, per 1M tokens · $0.01 per image read').waitFor();
  await page.getByLabel('Strategy').selectOption('Least busy');
  await page.getByLabel('Failures allowed').fill('10');
  await page.getByRole('button', { name: /^Fallback models:/ }).click();
  for (const name of [MODELS[2], MODELS[0]]) await page.getByRole('menuitem', { name }).click();
  await page.keyboard.press('Escape');
  await page.getByText(`In this order: ${MODELS[2]}, ${MODELS[0]}`).waitFor();
  await page.getByRole('button', { name: 'Set routing' }).click();
  await page.locator('button:disabled').getByText('Set routing').waitFor();
  const { routing } = await portal<{ routing: object }>(page, 'GET', `/admin/models/${MODELS[1]}`);
  expect(routing).toMatchObject({ strategy: 'least-busy', retries: 2, fallbacks: [MODELS[2], MODELS[0]], allowed_fails: 10 });
  await page.getByLabel('Response cache').selectOption('3600');
  await page.getByLabel('Deprecated from').fill('2998-01-01');
  await page.getByLabel('Ends on').fill('2999-06-30');
  await page.getByRole('button', { name: /^Successor/ }).click();
  await page.getByRole('option', { name: MODELS[0] }).click();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await scene.inspect(page, 'model-that-changes');
  await act(page, 'Jan 1, 2999', 'Take back');
  await rowOf(page, 'Jan 1, 2999').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Add deployment' }).click();
  await dialog(page).getByLabel('LiteLLM Model Name').fill(MODELS[1]);
  await dialog(page).getByLabel('API Base').fill(stage.models.address);
  await dialog(page).getByLabel('API Key').fill('a wrong key');
  await submit(page, 'Add');
  await page.getByRole('button', { name: /^Actions of/ }).nth(1).click();
  await page.getByRole('menuitem', { name: 'Test connection' }).click();
  await page.getByText('Credential accepted: failed').waitFor();
  await scene.inspect(page, 'model-with-two-deployments');
  const ben = await scene.enter('ben', '/models');
  await ben.getByText('Ends Jun 30, 2999').waitFor();
  await ben.getByRole('article').filter({ hasText: 'Ends' }).getByRole('link', { name: MODELS[0] }).click();
  await ben.getByRole('heading', { level: 1, name: MODELS[0] }).waitFor();
  await scene.open(page, '/admin/models');
  await rowOf(page, MODELS[1]).getByText('$2.50 / $1,500.00').waitFor();
  await act(page, MODELS[1], 'Remove');
  await dialog(page).getByRole('textbox').fill(MODELS[1]);
  await submit(page, 'Remove');
  await rowOf(page, MODELS[1]).waitFor({ state: 'detached' });
});

test('banners, branding, currency, defaults and login groups are changed and take effect', async () => {
  const page = await scene.enter('admin', '/admin/settings/banners');
  await page.getByRole('button', { name: 'Add banner' }).click();
  await dialog(page).getByLabel(/^Text/).fill('Maintenance on Saturday.');
  await submit(page, 'Add banner');
  await page.getByRole('main').getByText('Maintenance on Saturday.').first().waitFor();

  await scene.open(page, '/admin/settings/branding');
  await page.getByLabel('Title of the login page').fill('Models of the example organisation');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.getByLabel('Logo of the login page', { exact: true }).setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PIXEL });
  await page.getByRole('img', { name: 'Logo of the login page' }).waitFor();

  await scene.open(page, '/admin/settings/currency');
  await page.getByRole('combobox', { name: 'Currency' }).selectOption('EUR');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();

  await scene.open(page, '/admin/settings/defaults');
  await page.getByLabel('Max Budget', { exact: true }).first().fill('75');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();

  await scene.open(page, '/admin/settings/login');
  await page.getByLabel('Groups of users').fill('developers, auditors');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();

  const visitor = await scene.window();
  await scene.open(visitor, '/login');
  await visitor.getByRole('heading', { name: 'Models of the example organisation' }).waitFor();
  await scene.inspect(visitor, 'login-branded');
  const ana = await scene.enter('ana');
  await ana.getByText('Maintenance on Saturday.').waitFor();
  await ana.getByText('€0.00 of €75.00').waitFor();
  await scene.inspect(ana, 'home-with-a-banner');
  await ana.getByRole('button', { name: 'Dismiss announcement' }).click();
  await ana.getByText('Maintenance on Saturday.').waitFor({ state: 'detached' });
  await portal(page, 'PUT', '/admin/settings/currency', { currency: 'USD' });
});

test('what people write is shown as text, never taken as a page', async () => {
  const attack = '<img src="x" onerror="document.title = 1"><script>document.title = 2</script>';
  const page = await scene.enter('admin');
  await portal(page, 'POST', '/admin/teams', { name: attack });
  await portal(page, 'POST', '/admin/banners', { content: { en: attack }, style: 'warning', active: true });
  await portal(page, 'PATCH', '/me', { alias: attack });
  await scene.open(page, '/admin/teams');
  await page.getByRole('link', { name: attack }).waitFor();
  expect(await page.getByText(attack).count()).toBeGreaterThanOrEqual(3);
  expect(await page.locator('img[src="x"]').count()).toBe(0);
  expect(await page.title()).toContain('LiteMaaS');
  await portal(page, 'PATCH', '/me', { alias: null });
});

test('a read-only administrator sees every page and is offered no change', async () => {
  const page = await scene.enter('rita');
  for (const [name, path] of Object.entries(ADMIN_PAGES)) {
    if (DETAIL_PAGES.has(name) || name === 'add-model') continue;
    await scene.open(page, path);
    expect(await page.getByRole('main').getByRole('button', { name: /^(Generate|Add|Save|Approve|Deny|Remove|Choose|Actions of)/ }).count(), path).toBe(0);
  }
  await scene.open(page, '/admin/models/add');
  await page.waitForURL(/\/ui\/admin\/models$/);
  await scene.inspect(page, 'models-read-only');
});

test('a user who opens an administrator page is brought home', async () => {
  const page = await scene.enter('ben');
  for (const path of Object.values(ADMIN_PAGES)) {
    await scene.open(page, path);
    await page.getByRole('heading', { level: 1, name: /Welcome/ }).waitFor();
  }
});
