/** What programs and teams live by, set up in the browser and then used for real: keys, notices, guardrails, labels, teams. */
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { MODELS } from './model-server';
import { addModels, chat, dollars, ledger, portal } from './portal';
import { setScene } from './scene';

const [GRANITE] = MODELS;
const scene = setScene();
const dialog = (page: Page): Locator => page.getByRole('dialog');
const rowOf = (page: Page, name: string): Locator => page.getByRole('row').filter({ hasText: name });

async function act(page: Page, row: string, action: string): Promise<void> {
  await rowOf(page, row).getByRole('button', { name: /^Actions of/ }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

interface Arrival {
  headers: IncomingMessage['headers'];
  body: string;
}

let receiver: Server;
const arrived: Arrival[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      arrived.push({ headers: request.headers, body });
      response.end('ok');
    });
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  await addModels(await scene.enter('admin'), scene.stage);
});
afterAll(() => void receiver.close());

test('a management key that the browser showed opens what its scopes say, until it is revoked', async () => {
  const { stage } = scene;
  const page = await scene.enter('admin', '/admin/management-keys');
  await page.getByRole('button', { name: 'Issue management key' }).first().click();
  await dialog(page).getByLabel('Name').fill('nightly-reports');
  await dialog(page).getByLabel('keys:read').check();
  await scene.inspect(page, 'management-key-to-be-issued');
  await dialog(page).getByRole('button', { name: 'Issue management key' }).click();
  const key = await dialog(page).getByText(/^sk-mgmt-\S+$/).first().innerText();
  const ask = async (path: string) => (await fetch(`${stage.url}${path}`, { headers: { Authorization: `Bearer ${key}` } })).status;
  expect([await ask('/key/list'), await ask('/user/list')]).toEqual([200, 403]);
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  expect(await page.content()).not.toContain(key);
  await act(page, 'nightly-reports', 'Revoke');
  await dialog(page).getByRole('textbox').fill('nightly-reports');
  await dialog(page).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('nightly-reports is revoked.').waitFor();
  expect(await ask('/key/list')).toBe(401);
});

test('a webhook that was added in the browser gets a test message signed with the key that was shown', async () => {
  const page = await scene.enter('admin', '/admin/notices');
  await page.getByRole('button', { name: 'Add channel' }).first().click();
  await dialog(page).getByLabel('Name').fill('ops');
  await dialog(page).getByLabel('Kind').selectOption('webhook');
  await dialog(page).getByLabel('Address').fill(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}/secret-path`);
  await dialog(page).getByRole('button', { name: 'Add channel' }).click();
  const key = await dialog(page).getByRole('region', { name: 'The signing key' }).innerText();
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  await act(page, 'ops', 'Send a test message');
  await page.getByText('A test message went through ops').waitFor();
  await scene.inspect(page, 'notice-channel-tested');
  const [{ headers, body }] = arrived as [Arrival];
  const signature = createHmac('sha256', key.trim()).update(`${String(headers['x-litemaas-timestamp'])}.${body}`).digest('hex');
  expect(headers['x-litemaas-signature']).toBe(`v1=${signature}`);
  expect(await page.content()).not.toContain('secret-path');
});

test('a guardrail that was added and bound in the browser blocks a call, and lets it pass when it is gone', async () => {
  const { stage } = scene;
  const page = await scene.enter('admin', '/admin/guardrails');
  const { key } = await portal<{ key: string }>(page, 'POST', '/admin/keys', { alias: 'guarded', models: [GRANITE] });
  const say = async (content: string) => {
    const answer = await fetch(`${stage.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ model: GRANITE, messages: [{ role: 'user', content }] }),
    });
    return { status: answer.status, text: await answer.text() };
  };
  await page.getByRole('button', { name: 'Add guardrail' }).first().click();
  await dialog(page).getByLabel('Name').fill('tickets');
  await dialog(page).getByLabel('Looks for').selectOption('pattern');
  await dialog(page).getByLabel('Regular expressions').fill('TICKET-[0-9]{1,9}');
  await dialog(page).getByRole('button', { name: 'Add guardrail' }).click();
  await dialog(page).getByLabel('Calls of').selectOption('model');
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await page.getByRole('menuitem', { name: GRANITE }).click();
  await dialog(page).getByText(`Model ${GRANITE}`).waitFor();
  await page.keyboard.press('Escape');
  await scene.inspect(page, 'guardrail-bound');
  const refused = await say('What about TICKET-4711?');
  expect(refused.status).toBe(400);
  expect(refused.text).toContain('tickets');
  expect(refused.text).not.toContain('4711');
  expect((await say('Hello')).status).toBe(200);
  await scene.open(page, '/admin/guardrails');
  await act(page, 'tickets', 'Remove');
  await dialog(page).getByRole('button', { name: 'Remove' }).click();
  await page.getByText('tickets is removed.').waitFor();
  expect((await say('What about TICKET-4711?')).status).toBe(200);
});

test('a team administrator adds a member by address, issues a key, and sees the usage that the ledger has', async () => {
  const { stage } = scene;
  const admin = await scene.enter('admin');
  const page = await scene.enter('ana');
  const visit = await scene.enter('ben'); // whoever was never here cannot be added
  const { id } = await portal<{ id: string }>(page, 'GET', '/me');
  const team = await portal<{ id: string }>(admin, 'POST', '/admin/teams', { name: 'Moon', models: [GRANITE], max_budget: '500', labels: { cost_centre: '4711' } });
  await portal(admin, 'PUT', `/admin/teams/${team.id}/members/${encodeURIComponent(id)}`, { role: 'admin' });

  await scene.open(page, '/teams');
  await page.getByRole('link', { name: 'Moon' }).click();
  await page.getByLabel('User ID or e-mail').fill('ben@example.com');
  await page.getByRole('button', { name: 'Add member' }).click();
  await rowOf(page, 'Ben Okafor').waitFor();
  await scene.inspect(page, 'own-team-with-members');
  await page.getByRole('tab', { name: 'Keys' }).click();
  await page.getByRole('button', { name: 'Generate key' }).click();
  await dialog(page).getByLabel('Name').fill('lander');
  await dialog(page).getByRole('button', { name: 'Generate key' }).click();
  const key = await dialog(page).getByText(/^sk-/).first().innerText();
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  await page.getByRole('link', { name: 'lander' }).waitFor();
  const { id: member } = await portal<{ id: string }>(visit, 'GET', '/me');
  await portal(admin, 'POST', '/admin/keys', { alias: 'rover', user_id: member, team_id: team.id, models: [GRANITE] });
  await scene.open(page, `/teams/${team.id}/keys`);
  for (const [alias, offered] of [['lander', 1], ['rover', 0]] as const) {
    await rowOf(page, alias).getByRole('button', { name: /^Actions of/ }).click();
    await page.getByRole('menuitem', { name: 'Block' }).waitFor();
    expect(await page.getByRole('menuitem', { name: 'Rotate' }).count(), alias).toBe(offered);
    await page.keyboard.press('Escape');
  }
  expect([await chat(stage, key, GRANITE), await chat(stage, key, GRANITE), await chat(stage, key, MODELS[1])]).toEqual([200, 200, 403]);
  const calls = (await ledger(stage, id, 2)).filter((call) => call.spend > 0);

  await page.getByRole('tab', { name: 'Usage' }).click();
  await page.locator('.lm-tiles').getByText(dollars(calls), { exact: true }).waitFor();
  await scene.inspect(page, 'own-team-usage');
  await page.getByRole('button', { name: 'Edit' }).click();
  expect(await dialog(page).getByLabel('Max Budget').count()).toBe(0);
  await dialog(page).getByLabel('Soft budget').fill('400');
  await dialog(page).getByRole('button', { name: 'Save' }).click();
  await page.getByText('$400.00', { exact: true }).waitFor();

  const ben = await scene.enter('ben', `/teams/${team.id}`);
  await ben.getByText('Ana Lopes').waitFor();
  expect(await ben.getByRole('main').getByRole('button').count()).toBe(0);

  await scene.open(admin, '/admin/usage/labels');
  await rowOf(admin, '4711').getByText(dollars(calls), { exact: true }).waitFor();
  await scene.inspect(admin, 'usage-by-cost-centre');
});
