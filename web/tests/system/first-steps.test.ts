/** A new administrator, from an empty system to a program that calls a model. */
import { expect, test } from 'vitest';

import { MODELS, UPSTREAM_KEY } from './model-server';
import { setScene } from './scene';

const scene = setScene();

test('an administrator adds a model, tests it, issues a key and gets an answer', async () => {
  const { stage, inspect } = scene;
  const page = await scene.enter('admin');
  await inspect(page, 'home-of-an-empty-system');
  await page.getByRole('link', { name: 'Add a model' }).click();
  await page.getByLabel('API Base').fill(stage.models.address);
  await page.getByLabel('API Key').fill('a wrong key');
  await page.getByRole('button', { name: 'Next' }).click();

  // A key that the endpoint does not take is told as what it is.
  await page.getByLabel('LiteLLM Model Name(s)').fill(MODELS[0]);
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('Credential accepted: failed').waitFor();
  await page.getByText('Incorrect API key provided.').first().waitFor();
  await inspect(page, 'add-model-with-a-wrong-key');
  await page.getByRole('button', { name: 'Back' }).click();
  await page.getByLabel('API Key').fill(UPSTREAM_KEY);
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByLabel('LiteLLM Model Name(s)').fill('');
  await page.getByRole('button', { name: 'Discover' }).click();
  await page.getByLabel(MODELS[0], { exact: true }).check();
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.getByText('One call: passed').waitFor();
  await inspect(page, 'add-model-tested');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByLabel('Input price', { exact: true }).fill('0.50');
  await page.getByLabel('Output price').fill('1.50');
  await page.getByRole('button', { name: 'Routing' }).click();
  await page.getByLabel('Retries').fill('1');
  await inspect(page, 'add-model-terms');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await inspect(page, 'add-model-done');
  await page.getByRole('button', { name: 'Try it' }).click();

  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /Generate key for/ }).click();
  await dialog.getByText('Copy the key now').waitFor();
  const key = await dialog.getByText(/^sk-/).first().innerText();
  await dialog.getByRole('button', { name: 'Try it' }).click();
  await dialog.getByText('Hello from the model server.').waitFor();
  await dialog.getByText('1,200 in, 345 out').waitFor();
  await inspect(page, 'first-answer');

  // What the page shows a program to do works from a program.
  const answer = await fetch(`${stage.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model: MODELS[0], messages: [{ role: 'user', content: 'Hi' }] }),
  });
  expect(answer.status).toBe(200);
});

test('a wrong password is said beside the form, and a deep link is kept over the login', async () => {
  const { stage } = scene;
  const page = await scene.window();
  scene.expectRefusal(401);
  await scene.open(page, '/admin/budgets');
  await page.getByLabel('User name').fill(stage.admin_username);
  await page.getByLabel('Password').fill('wrong');
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByText('The name or the password is wrong.').waitFor();
  await scene.inspect(page, 'login-refused');
  await page.getByLabel('Password').fill(stage.admin_password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Budgets' }).waitFor();
});

test('the first page costs a browser no more than 300 kB of script', async () => {
  const page = await scene.window();
  await scene.open(page, '/login');
  const octets = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry): entry is PerformanceResourceTiming => entry.name.endsWith('.js'))
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
  );
  expect(octets).toBeGreaterThan(50_000);
  expect(octets).toBeLessThanOrEqual(300_000);
});
