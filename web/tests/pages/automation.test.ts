/** What administrators set up once and programs live by, done in a browser: management keys, notices, guardrails, models of OpenShift AI. */
import type { Locator, Page } from 'playwright-core';
import { afterEach, expect, test } from 'vitest';

import { expectAccessible } from '../support/browser';

import { open, visit, type Visit } from './browser';

let visited: Visit;
afterEach(async () => {
  const { complaints } = visited;
  await visited.close();
  expect(complaints).toEqual([]);
});

async function begin(path: string, ...world: Parameters<typeof visit>[0]): Promise<Page> {
  visited = await visit(world);
  await open(visited, path);
  return visited.page;
}

const dialog = (page: Page): Locator => page.getByRole('dialog');

async function act(page: Page, row: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions of ${row}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test('a management key is issued with its scopes, shown once with a first call, and revoked by its name', async () => {
  const page = await begin('/admin/management-keys', 'empty', 'admin');
  await page.getByRole('button', { name: 'Issue management key' }).first().click();
  await dialog(page).getByLabel('Name').fill('nightly-reports');
  await dialog(page).getByLabel('spend:read').check();
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Issue management key' }).click();
  await dialog(page).getByText('sk-mgmt-2mQzR4tVw9yB3nHx7Qa8fK', { exact: true }).waitFor();
  await dialog(page).getByText(/curl .*\/global\/spend/).waitFor();
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  await page.getByRole('main').getByText('nightly-reports').waitFor();
  expect(await page.content()).not.toContain('sk-mgmt-2mQzR4tVw9yB3nHx7Qa8fK');
  await act(page, 'nightly-reports', 'Revoke');
  await dialog(page).getByRole('textbox').fill('nightly-reports');
  await dialog(page).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No management keys yet').waitFor();
});

test('everything takes the place of single scopes', async () => {
  const page = await begin('/admin/management-keys', 'empty', 'admin');
  await page.getByRole('button', { name: 'Issue management key' }).first().click();
  await dialog(page).getByLabel('*', { exact: true }).check();
  expect(await dialog(page).getByLabel('keys:write').isDisabled()).toBe(true);
  await dialog(page).getByText('Few programs need that.').waitFor();
  await dialog(page).getByLabel('*', { exact: true }).uncheck();
  expect(await dialog(page).getByLabel('keys:write').isChecked()).toBe(false);
});

test('a webhook shows its signing key once, and a test says what came of it', async () => {
  const page = await begin('/admin/notices', 'many', 'admin');
  await page.getByRole('button', { name: 'Add channel' }).click();
  await dialog(page).getByLabel('Name').fill('audit-hook');
  await dialog(page).getByLabel('Kind').selectOption('webhook');
  await dialog(page).getByLabel('Address').fill('https://hooks.example.com/in');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Add channel' }).click();
  await dialog(page).getByText('kQ8s-signs-what-is-ours-3fZ', { exact: true }).waitFor();
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  await act(page, 'pager', 'Send a test message');
  await page.getByText('Nothing went through pager').waitFor();
  await page.getByText('pager.example.com answers with status 503.').first().waitFor();
  await act(page, 'audit-hook', 'Send a test message');
  await page.getByText('A test message went through audit-hook').waitFor();
  await expectAccessible(page);
});

test('e-mail asks for what mail needs and for nothing of webhooks', async () => {
  const page = await begin('/admin/notices', 'empty', 'admin');
  await page.getByRole('button', { name: 'Add channel' }).first().click();
  await dialog(page).getByLabel('Kind').selectOption('email');
  expect(await dialog(page).getByLabel('Address').count()).toBe(0);
  await dialog(page).getByLabel('Password').waitFor();
  await dialog(page).getByLabel('Encryption').selectOption('none');
  expect(await dialog(page).getByLabel('Password').count()).toBe(0);
  await expectAccessible(page);
});

test('a guardrail is added, bound to a team at once, tried, and removed', async () => {
  const page = await begin('/admin/guardrails', 'many', 'admin');
  await page.getByRole('button', { name: 'Add guardrail' }).click();
  await dialog(page).getByLabel('Name').fill('ticket-numbers');
  await dialog(page).getByLabel('Looks for').selectOption('pattern');
  await dialog(page).getByLabel('Regular expressions').fill('TICKET-[0-9]{1,9}');
  await dialog(page).getByLabel('Then').selectOption('mask');
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Add guardrail' }).click();
  await dialog(page).getByRole('heading', { name: 'Whom does ticket-numbers guard?' }).waitFor();
  await dialog(page).getByRole('button', { name: /^Teams/ }).click();
  await page.getByRole('menuitem', { name: 'Blue' }).click();
  await dialog(page).getByText('Team Blue').waitFor();
  await expectAccessible(page);
  await dialog(page).getByRole('button', { name: 'Close', exact: true }).last().click();
  await act(page, 'ticket-numbers', 'Try a text');
  await dialog(page).getByLabel('Text').fill('See TICKET-42 please');
  await dialog(page).getByRole('button', { name: 'Try', exact: true }).click();
  await dialog(page).getByText('See [PATTERN] please').waitFor();
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await act(page, 'ticket-numbers', 'Remove');
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await page.getByText('ticket-numbers is removed.').waitFor();
});

test('a model that OpenShift AI serves fills the form in, and one that was added is not offered', async () => {
  const page = await begin('/admin/models/add', 'many', 'admin');
  await page.getByRole('button', { name: 'Choose granite-8b' }).click();
  expect(await page.getByLabel('API Base').inputValue()).toBe('http://granite-8b-predictor.rhoai-models.svc.cluster.local:8080/v1');
  expect(await page.getByRole('button', { name: 'Choose llama-4-scout' }).count()).toBe(0);
  await page.getByText('May not be seen: finance-models').waitFor();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Next' }).click();
  expect(await page.getByLabel('LiteLLM Model Name(s)').inputValue()).toBe('granite-3-2-8b-instruct');
});

test('usage is told apart by a label and narrowed to one of its values', async () => {
  const page = await begin('/admin/usage', 'many', 'admin');
  await page.getByRole('link', { name: 'By label' }).click();
  await page.getByRole('grid', { name: 'Breakdown' }).getByText('(no cost_centre)').waitFor();
  await page.getByRole('button', { name: /^Label:/ }).click();
  await page.getByRole('option', { name: 'project' }).click();
  await page.waitForURL(/label=project/);
  await page.getByRole('button', { name: /^Value:/ }).click();
  await page.getByRole('menuitem', { name: '4711' }).click();
  await page.waitForURL(/values=4711/);
  await page.getByRole('button', { name: 'Export' }).click();
  const address = await page.getByRole('menuitem', { name: 'As CSV' }).getAttribute('href');
  expect(address).toContain('name=project');
  expect(address).toContain('values=4711');
});

test('a read-only administrator sees automation and is offered no change', async () => {
  const page = await begin('/admin/management-keys', 'many', 'admin-readonly');
  for (const path of ['/admin/management-keys', '/admin/notices', '/admin/guardrails']) {
    await open(visited, path);
    await page.getByRole('grid').first().waitFor();
    expect(await page.getByRole('main').getByRole('button', { name: /^(Issue|Add|Remove|Actions of)/ }).count(), path).toBe(0);
  }
});
