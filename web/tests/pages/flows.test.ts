/** What people come for, done in a real browser from the first click to the result. */
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';

import type { createWorld } from '../mock-api/state';

import { expectAccessible, settled } from '../support/browser';

import { open, visit, type Visit } from './browser';

let visited: Visit;
afterEach(async () => {
  // A refusal is logged by the browser itself; every other complaint is ours.
  const complaints = visited.complaints.filter((complaint) => !complaint.startsWith('Failed to load resource'));
  await visited.close();
  expect(complaints).toEqual([]);
});

async function begin(path: string, ...world: Parameters<typeof createWorld>): Promise<Page> {
  visited = await visit(world);
  await open(visited, path);
  return visited.page;
}

const dialog = (page: Page): Locator => page.getByRole('dialog');

test('a wrong password is said beside the form, a right one leads to the page that was asked for', async () => {
  const page = await begin('/admin/budgets', 'one', null);
  await page.getByLabel('User name').fill('admin');
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByText('User name or password is wrong.').waitFor();
  await page.getByLabel('Password').fill('correct horse');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor();
});

test('a new administrator is led from an empty system to the first answer', async () => {
  const page = await begin('/', 'empty', 'admin');
  await page.getByRole('link', { name: 'Add a model' }).click();
  await page.getByLabel('API Base').fill('https://granite.models.example.com/v1');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Discover' }).click();
  await page.getByLabel('granite-3-2-8b-instruct', { exact: true }).check();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('One call: passed').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Try it' }).click();
  await dialog(page).getByRole('button', { name: /Generate key for/ }).click();
  await dialog(page).getByText('Copy the key now').waitFor();
  await dialog(page).getByRole('button', { name: 'Try it' }).click();
  await dialog(page).getByText('Hello!').waitFor();
  await expectAccessible(page);
});

test('a connection that fails says at which step and why', async () => {
  const page = await begin('/admin/models/add', 'one', 'admin');
  await page.getByLabel('API Base').fill('https://broken.example.com/v1');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('LiteLLM Model Name(s)').fill('granite');
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('Credential accepted: failed').waitFor();
  await page.getByText('The endpoint answered 401').waitFor();
});

test('a key is shown once, with a ready text, and is in the list afterwards', async () => {
  const page = await begin('/keys', 'one', 'user');
  await page.getByRole('button', { name: 'Generate key' }).click();
  await dialog(page).getByLabel('Name').fill('my program');
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await page.getByRole('menuitem', { name: /granite/ }).click();
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('12,50');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Generate key' }).click();
  await dialog(page).getByText('sk-8fK2mQzR4tVw9yB3nHx7Qa', { exact: true }).waitFor();
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Copy: The new key' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('sk-8fK2mQzR4tVw9yB3nHx7Qa');
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  await page.getByRole('link', { name: 'my program' }).waitFor();
  expect(await page.content()).not.toContain('sk-8fK2mQzR4tVw9yB3nHx7Qa');
  expect(visited.server.world.keys[0]?.max_budget).toBe('12.50');
});

test('a name that is taken is refused in the form, and nothing that was typed is lost', async () => {
  const page = await begin('/admin/keys?generate=&for_model=granite-3-2-8b-instruct', 'one', 'admin');
  await dialog(page).getByLabel('Name').fill('support assistant');
  await dialog(page).getByRole('button', { name: 'Generate key' }).click();
  await dialog(page).getByText('There is already a key named support assistant.').waitFor();
  expect(await dialog(page).getByLabel('Name').inputValue()).toBe('support assistant');
});

test('revoking asks for the name and the key is revoked afterwards', async () => {
  const page = await begin('/keys/key-1', 'one', 'user');
  await page.getByRole('button', { name: 'Revoke' }).click();
  await dialog(page).getByRole('textbox').fill('support assistant');
  await dialog(page).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('support assistant is revoked.').waitFor();
  expect(visited.server.world.keys[0]?.state).toBe('revoked');
});

test('filters and sorting are in the address and survive a reload', async () => {
  const page = await begin('/admin/keys', 'many', 'admin');
  await page.getByRole('button', { name: /^State:/ }).click();
  await page.getByRole('option', { name: 'Blocked' }).click();
  await page.waitForURL(/state=blocked/);
  await page.getByRole('button', { name: 'Spent' }).click();
  await page.waitForURL(/sort=-spent/);
  await page.reload();
  await settled(page);
  const states = page.locator('tbody').getByText('Blocked', { exact: true });
  await states.first().waitFor();
  expect(await page.locator('tbody tr[data-index]').count()).toBe(await states.count());
});

test('requests are approved many at once', async () => {
  const page = await begin('/admin/access-requests', 'many', 'admin');
  await page.getByRole('checkbox', { name: 'Select all rows' }).click();
  await page.getByRole('button', { name: 'Approve 66' }).click();
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Approve' }).click();
  await page.getByText('66 requests decided.').waitFor();
  expect(visited.server.world.requests.filter((request) => request.status === 'pending')).toHaveLength(0);
});

test('a read-only administrator sees everything and is offered no change', async () => {
  const page = await begin('/admin/keys', 'many', 'admin-readonly');
  await page.getByText('Administrator (read-only)').waitFor();
  for (const path of ['/admin/keys', '/admin/models', '/admin/users', '/admin/teams', '/admin/budgets', '/admin/settings/login']) {
    await open(visited, path);
    expect(await page.getByRole('button', { name: /^(Generate key|Add|Save|Actions of)/ }).count(), path).toBe(0);
  }
});

test('a user who opens an administrator page is brought home', async () => {
  const page = await begin('/admin/users', 'one', 'user');
  await page.getByRole('heading', { level: 1, name: /Welcome/ }).waitFor();
});

test('two models answer side by side in the playground, with figures', async () => {
  const page = await begin('/playground?model=granite-3-2-8b-instruct&model=llama-4-scout', 'many', 'user');
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello?');
  await page.keyboard.press('Enter');
  await page.getByText('182 ms').nth(1).waitFor();
  expect(await page.getByText('print("hello")').count()).toBe(2);
  await expectAccessible(page);
});

test('language and theme are changed at once and kept', async () => {
  const page = await begin('/', 'one', 'user');
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitem', { name: 'Deutsch' }).click();
  await page.getByRole('heading', { level: 1, name: 'Willkommen, Ana Lopes' }).waitFor();
  await page.getByRole('button', { name: 'Hell oder dunkel' }).click();
  await page.getByRole('menuitem', { name: 'Dunkel' }).click();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Willkommen, Ana Lopes' }).waitFor();
  expect(await page.locator('html').getAttribute('class')).toContain('pf-v6-theme-dark');
  expect(await page.locator('html').getAttribute('lang')).toBe('de');
});

test('a dialog gives the focus back to where it came from', async () => {
  const page = await begin('/keys', 'one', 'user');
  const button = page.getByRole('button', { name: 'Generate key' });
  await button.focus();
  await page.keyboard.press('Enter');
  await dialog(page).waitFor();
  await page.keyboard.press('Escape');
  await dialog(page).waitFor({ state: 'detached' });
  expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a user whom no first page of a long list has is found while one types, and keeps the name once chosen', async () => {
  const page = await begin('/admin/usage', 'many', 'admin');
  const { users } = visited.server.world;
  const last = [...users].sort((one, other) => one.name.localeCompare(other.name)).at(-1);
  if (!last) throw new Error('a world without users');
  await page.getByRole('button', { name: 'User: Any' }).click();
  const menu = page.getByRole('menu', { name: 'User' });
  await menu.getByRole('menuitem').first().waitFor();
  expect(await menu.getByText(last.name, { exact: true }).count()).toBe(0);
  await page.getByRole('textbox', { name: 'Search' }).fill(last.id);
  await menu.getByText(last.name, { exact: true }).click();
  await page.getByRole('textbox', { name: 'Search' }).fill('');
  await page.getByRole('button', { name: `User: ${last.name}` }).waitFor();
  await page.waitForURL((url) => url.searchParams.get('users') === last.id);
});
