import { describe, expect, test } from 'vitest';

import type { Routing } from '@/api/types';
import { draftOfServed, endpointReady, modelOrders, needsKey, NEW_MODEL } from '@/features/admin-models/modelDraft';
import { DEFAULT_ROUTING, routingChanges, routingDraft } from '@/features/admin-models/routingDraft';
import { changesOf, isComplete, newDraft, orderOf } from '@/features/keys/keyDraft';
import { messagesOf } from '@/features/playground/conversation';
import { pieces } from '@/features/playground/Answer';
import { isDuration } from '@/shared/fields/DurationField';

describe('the form of a key', () => {
  test('without a model is not complete, as such a key could call nothing', () => {
    expect(isComplete(newDraft({ alias: 'demo' }))).toBe(false);
    expect(isComplete(newDraft({ alias: 'demo', models: ['granite'] }))).toBe(true);
  });

  test('sends limits of chosen models only', () => {
    const order = orderOf(newDraft({ alias: 'demo', models: ['granite'], perModel: { granite: { budget: '5', rpm: null, tpm: null }, gone: { budget: '1', rpm: 1, tpm: 1 } } }));
    expect(order.model_max_budget).toEqual({ granite: '5' });
    expect(order.model_rpm_limit).toEqual({});
  });

  test('leaves the owner out where none is named', () => {
    expect(orderOf(newDraft({ alias: 'demo', models: ['granite'] }))).not.toHaveProperty('user_id');
  });

  test('of a key that exists sends only what was changed', () => {
    const before = newDraft({ alias: 'demo', models: ['granite'], duration: null });
    expect(changesOf({ ...before, alias: 'renamed' }, before)).toEqual({ alias: 'renamed' });
    expect(changesOf({ ...before, duration: '7d' }, before)).toEqual({ duration: '7d' });
  });
});

describe('the form of a model', () => {
  const provider = { id: 'openai_compatible', title: '', default_api_base: null, needs_api_base: true, needs_api_key: false };

  test('asks for an address where the provider has none of its own', () => {
    expect(endpointReady(NEW_MODEL, provider)).toBe(false);
    expect(endpointReady({ ...NEW_MODEL, apiBase: 'https://granite.example.com/v1' }, provider)).toBe(true);
  });

  test('asks for a key at the own address of a provider that wants one, and not at a server elsewhere', () => {
    const vendor = { ...provider, default_api_base: 'https://api.openai.com/v1', needs_api_key: true };
    expect(needsKey({ ...NEW_MODEL, apiBase: 'https://api.openai.com/v1' }, vendor)).toBe(true);
    expect(needsKey({ ...NEW_MODEL, apiBase: 'http://granite.lab.svc:8080/v1' }, vendor)).toBe(false);
  });

  test('takes over what OpenShift AI serves, and gives its id to one deployment only', () => {
    const service = { id: 'lab.granite', namespace: 'lab', name: 'granite', display_name: 'Granite', models: ['granite', 'lora'], ready: true, protected: false, url: '', api_base: 'http://granite.lab.svc/v1', complaint: null, added: false };
    const draft = draftOfServed(NEW_MODEL, service);
    expect(draft).toMatchObject({ apiBase: 'http://granite.lab.svc/v1', upstreamModels: ['granite'], description: 'Granite' });
    expect(modelOrders({ ...draft, upstreamModels: service.models }).map((order) => order.id)).toEqual(['lab.granite', undefined]);
  });

  test('names a model after the upstream one where no name is typed', () => {
    const [order] = modelOrders({ ...NEW_MODEL, upstreamModels: ['ibm/granite'] });
    expect(order?.public_name).toBe('granite');
  });

  test('gives a typed name to a single model only', () => {
    const names = modelOrders({ ...NEW_MODEL, publicName: 'mine', upstreamModels: ['a', 'b'] }).map((order) => order.public_name);
    expect(names).toEqual(['a', 'b']);
  });

  test('sends no credential and no price that were not given', () => {
    const [order] = modelOrders({ ...NEW_MODEL, upstreamModels: ['a'] });
    expect(order).not.toHaveProperty('api_key');
    expect(order).not.toHaveProperty('prices');
  });

  test('adds a model with the routing that was chosen, and says nothing of the rest', () => {
    const [order] = modelOrders({ ...NEW_MODEL, upstreamModels: ['a'], routing: { ...DEFAULT_ROUTING, fallbacks: ['b', 'c'] } });
    expect(order?.routing).toEqual({ fallbacks: ['b', 'c'] });
  });
});

describe('the form of routing', () => {
  const standard: Routing = { strategy: 'simple-shuffle', retries: 2, fallbacks: [], context_window_fallbacks: [], allowed_fails: 3, cooldown_seconds: 5 };

  test('is empty where the default holds, which is not the same as nothing', () => {
    expect(routingDraft(standard, standard)).toEqual(DEFAULT_ROUTING);
    expect(routingDraft({ ...standard, retries: 0 }, standard).retries).toBe(0);
  });

  test('sends only what was changed, null for a default, and the models in their order', () => {
    const before = routingDraft({ ...standard, strategy: 'least-busy', fallbacks: ['gone'] }, standard);
    expect(routingChanges(before, before)).toEqual({});
    expect(routingChanges(before, { ...before, strategy: null, context_window_fallbacks: ['b', 'a'] })).toEqual({ strategy: null, context_window_fallbacks: ['b', 'a'] });
  });
});

test.each([
  ['45d', true],
  ['1mo', true],
  [null, true],
  ['soon', false],
  ['3', false],
])('%s as a span is understood: %s', (text, understood) => {
  expect(isDuration(text)).toBe(understood);
});

test('a conversation is sent with its system prompt first and pictures as parts', () => {
  const messages = messagesOf([{ role: 'user', text: 'What is this?', images: ['data:image/png;base64,AA=='], figures: null }], 'Be brief.');
  expect(messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
  expect(messages[1]?.content).toEqual([
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
  ]);
});

test('code in an answer stands apart, also while its fence is still open', () => {
  expect(pieces('See:\n```python\nprint(1)\n```\nDone.')).toEqual([
    { isCode: false, text: 'See:' },
    { isCode: true, text: 'print(1)' },
    { isCode: false, text: 'Done.' },
  ]);
  expect(pieces('```\nx = 1')).toEqual([{ isCode: true, text: 'x = 1' }]);
});
