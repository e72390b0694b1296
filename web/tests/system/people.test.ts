/** What a person does: find a model, ask for one, keep keys, chat, and see what it cost. */
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';

import { MODELS } from './model-server';
import { addModels, chat, dollars, ledger, portal } from './portal';
import { setScene } from './scene';

const [GRANITE, LLAMA, RESTRICTED] = MODELS;
const scene = setScene();
const dialog = (page: Page): Locator => page.getByRole('dialog');

beforeAll(async () => {
  await addModels(await scene.enter('admin'), scene.stage);
});

test('the catalogue leads from a model to a program that calls it', async () => {
  const page = await scene.enter('ana');
  await scene.inspect(page, 'home-of-a-new-user');
  await page.getByRole('link', { name: 'Choose a model' }).click();
  await page.getByRole('article').nth(2).waitFor();
  await scene.inspect(page, 'models-of-a-user');
  await page.getByRole('link', { name: GRANITE }).click();
  await page.getByRole('heading', { level: 1, name: GRANITE }).waitFor();
  for (const kind of ['Python', 'JavaScript', 'LangChain', 'Editor']) {
    await page.getByRole('tab', { name: kind }).click();
    await page.getByText(`${scene.stage.url}/v1`).waitFor();
    await page.locator('code').getByText(GRANITE).first().waitFor();
  }
  await scene.inspect(page, 'model-of-a-user');
});

test('access is asked for, denied with a reason, asked for again, and approved', async () => {
  const page = await scene.enter('ben');
  const admin = await scene.enter('admin');
  await scene.open(page, '/models');
  await page.getByRole('button', { name: `Request access: ${RESTRICTED}` }).click();
  await dialog(page).getByRole('textbox').fill('For the code assistant');
  await scene.inspect(page, 'request-access');
  await dialog(page).getByRole('button', { name: 'Request access' }).click();
  await page.getByText(`Access to ${RESTRICTED} requested.`).waitFor();

  await scene.open(admin, '/admin/access-requests');
  await admin.getByText('For the code assistant').waitFor();
  await scene.inspect(admin, 'access-requests-waiting');
  await admin.getByRole('button', { name: /^Actions of Ben Okafor/ }).click();
  await admin.getByRole('menuitem', { name: 'Deny' }).click();
  await dialog(admin).getByRole('textbox').fill('Use granite for this');
  await dialog(admin).getByRole('button', { name: 'Deny' }).click();
  await admin.getByText('1 request decided.').waitFor();

  await scene.open(page, '/access-requests');
  await page.getByText('Use granite for this').waitFor();
  await scene.inspect(page, 'my-requests-denied');
  await page.getByRole('button', { name: /^Actions of/ }).click();
  await page.getByRole('menuitem', { name: 'Ask again' }).click();
  await dialog(page).getByRole('textbox').fill('It must write code');
  await dialog(page).getByRole('button', { name: 'Ask again' }).click();
  await dialog(page).waitFor({ state: 'detached' });

  await scene.open(admin, '/admin/access-requests');
  await admin.getByRole('checkbox', { name: 'Select all rows' }).click();
  await admin.getByRole('button', { name: 'Approve 1' }).click();
  await dialog(admin).getByRole('button', { name: 'Approve' }).click();
  await admin.getByText('1 request decided.').waitFor();
  await scene.open(page, `/models/${RESTRICTED}`);
  await page.getByText('You have access').waitFor();
});

test('a key is shown once, works, and is rotated, blocked, unblocked and revoked', async () => {
  const { stage } = scene;
  const page = await scene.enter('ana', '/keys');
  await scene.inspect(page, 'keys-empty');
  await page.getByRole('button', { name: 'Generate key', exact: true }).click();
  await dialog(page).getByLabel('Name').fill('my program');
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await page.getByRole('menuitem', { name: GRANITE }).click();
  await page.getByRole('menuitem', { name: LLAMA }).click();
  await dialog(page).getByRole('button', { name: /^Models/ }).click();
  await dialog(page).getByLabel('Max Budget', { exact: true }).fill('25');
  await scene.inspect(page, 'key-to-be-generated');
  await dialog(page).getByRole('button', { name: 'Generate key' }).click();
  await dialog(page).getByText('Copy the key now').waitFor();
  const first = await dialog(page).getByText(/^sk-/).first().innerText();
  await scene.inspect(page, 'key-shown-once');
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  expect(await chat(stage, first, LLAMA)).toBe(200);
  expect(await chat(stage, first, RESTRICTED)).toBe(403);

  await page.getByRole('link', { name: 'my program' }).click();
  await page.getByRole('button', { name: 'Rotate' }).click();
  await dialog(page).getByRole('button', { name: 'Rotate' }).click();
  await dialog(page).getByText('Copy the key now').waitFor();
  const second = await dialog(page).getByText(/^sk-/).first().innerText();
  await dialog(page).getByRole('button', { name: 'I have saved it' }).click();
  expect([await chat(stage, first, LLAMA), await chat(stage, second, LLAMA)]).toEqual([401, 200]);
  expect(await page.content()).not.toContain(second);

  await page.getByRole('button', { name: 'Block', exact: true }).click();
  await dialog(page).getByRole('button', { name: 'Block' }).click();
  await page.getByText('my program is blocked.').waitFor();
  expect(await chat(stage, second, LLAMA)).toBe(401);
  await page.getByRole('button', { name: 'Unblock' }).click();
  await dialog(page).getByRole('button', { name: 'Unblock' }).click();
  await page.getByText('my program works again.').waitFor();
  expect(await chat(stage, second, LLAMA)).toBe(200);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await dialog(page).getByRole('textbox').fill('my program');
  await dialog(page).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('my program is revoked.').waitFor();
  expect(await chat(stage, second, LLAMA)).toBe(401);
});

test('two models answer side by side, metered like any call', async () => {
  const page = await scene.enter('ana', `/playground?model=${GRANITE}&model=${LLAMA}`);
  await page.getByLabel('System prompt').fill('Be short.');
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello?');
  await page.keyboard.press('Enter');
  await page.getByText('Hello from the model server.').nth(1).waitFor();
  await page.getByText('$1.12').nth(1).waitFor();
  await page.getByText('1,200 in, 345 out').nth(1).waitFor();
  await scene.inspect(page, 'playground-two-models');
  expect(await page.content()).not.toMatch(/sk-[A-Za-z0-9_-]{20}/);
});

test('usage, its breakdown and its exports equal the ledger to the cent', async () => {
  const { stage } = scene;
  const page = await scene.enter('ben');
  const { id } = await portal<{ id: string }>(page, 'GET', '/me');
  const { key } = await portal<{ key: string }>(page, 'POST', '/keys', { alias: 'usage', models: [GRANITE, LLAMA] });
  for (const model of [GRANITE, GRANITE, GRANITE, LLAMA]) expect(await chat(stage, key, model)).toBe(200);
  const calls = await ledger(stage, id, 4);
  await scene.open(page, '/usage');
  const breakdown = page.getByRole('grid', { name: 'Breakdown' });
  for (const model of [GRANITE, LLAMA]) {
    const row = breakdown.getByRole('row', { name: new RegExp(model) });
    await row.getByText(dollars(calls.filter((call) => call.model_group === model)), { exact: true }).waitFor();
  }
  await page.locator('.lm-tiles').getByText(dollars(calls), { exact: true }).waitFor();
  await scene.inspect(page, 'usage-of-a-user');

  for (const format of ['CSV', 'JSON']) {
    await page.getByRole('button', { name: 'Export' }).click();
    const downloading = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: `As ${format}` }).click();
    const text = readFileSync(await (await downloading).path(), 'utf8');
    const costs =
      format === 'JSON'
        ? (JSON.parse(text) as { cost: string }[]).map((row) => row.cost)
        : text.trim().split('\r\n').slice(1).map((line) => line.split(',')[0] ?? '');
    expect(costs.reduce((sum, cost) => sum + Number(cost), 0)).toBeCloseTo(calls.reduce((sum, call) => sum + call.spend, 0), 9);
  }

  await scene.open(page, '/');
  await page.getByText(dollars(calls), { exact: true }).first().waitFor();
});
