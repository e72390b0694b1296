/** The REST interfaces beside the pages: to set a scene, and to compare what a page says with what is in the books. */
import type { Page } from 'playwright-core';

import { MODELS, UPSTREAM_KEY } from './model-server';
import type { Stage } from './stage';

/** Calls the portal with the rights of whoever is logged in in this window. */
export async function portal<T>(page: Page, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<T> {
  const { origin } = new URL(page.url());
  const session = (await (await page.request.get(`${origin}/api/session`)).json()) as { csrf_token: string };
  const answer = await page.request.fetch(`${origin}/api${path}`, { method, data: body, headers: { 'X-CSRF-Token': session.csrf_token } });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Prices at which one answer of the model server costs more than a dollar, so that cents can be compared. */
export const PRICES = { input_per_million: '500', output_per_million: '1500' };

/** Adds the models of the model server; the last one is restricted. */
export async function addModels(page: Page, stage: Stage): Promise<void> {
  for (const name of MODELS) {
    await portal(page, 'POST', '/admin/models', {
      provider: 'openai',
      litellm_model: name,
      public_name: name,
      mode: 'chat',
      api_base: stage.models.address,
      api_key: UPSTREAM_KEY,
      description: `The model ${name}, as the model server of the tests has it.`,
      capabilities: ['function_calling', 'streaming'],
      max_input_tokens: 131_072,
      max_output_tokens: 8192,
      prices: PRICES,
      restricted: name === MODELS[2],
    });
  }
}

/** Chats with a key, as a program does; tells the status. */
export async function chat(stage: Stage, key: string, model: string): Promise<number> {
  const answer = await fetch(`${stage.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hi' }] }),
  });
  await answer.text();
  return answer.status;
}

interface LedgerRow {
  spend: number;
  prompt_tokens: number;
  completion_tokens: number;
  model_group: string;
  user: string;
}

/** The calls of a user as the ledger has them, once there are so many; it is written within a second. */
export async function ledger(stage: Stage, userId: string, calls: number): Promise<LedgerRow[]> {
  const query = new URLSearchParams({ user_id: userId, page_size: '1000' });
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const answer = await fetch(`${stage.url}/spend/logs/v2?${query.toString()}`, { headers: { Authorization: `Bearer ${stage.master_key}` } });
    const { data } = (await answer.json()) as { data: LedgerRow[] };
    if (data.length >= calls) return data;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The ledger has no ${calls} calls of ${userId}.`);
}

/** The sum of what calls cost, to the cent as pages write it. */
export const dollars = (rows: readonly LedgerRow[]): string =>
  new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }).format(rows.reduce((sum, row) => sum + row.spend, 0));
