import { describe, expect, test } from 'vitest';

import { SNIPPETS, snippet } from '@/features/models/snippets';

const facts = { gateway: 'https://litellm.example.com/v1', model: 'granite-3-2-8b-instruct', mode: 'chat' } as const;

describe.each(SNIPPETS)('the %s text', (kind) => {
  test('names the host and the model', () => {
    const text = snippet(kind, { ...facts, key: null });
    expect(text).toContain('https://litellm.example.com/v1');
    expect(text).toContain('granite-3-2-8b-instruct');
  });

  test('holds a key that was just issued', () => {
    expect(snippet(kind, { ...facts, key: 'sk-fresh' })).toContain('sk-fresh');
  });

  test('names the variable where the key is not at hand', () => {
    expect(snippet(kind, { ...facts, key: null })).toContain('LITEMAAS_API_KEY');
  });
});

test('embedding models are asked for embeddings', () => {
  expect(snippet('curl', { ...facts, mode: 'embedding', key: null })).toContain('/v1/embeddings');
  expect(snippet('python', { ...facts, mode: 'embedding', key: null })).toContain('client.embeddings.create');
});
