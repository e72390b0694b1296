/** Every language says everything, with the same placeholders. */
import { describe, expect, test } from 'vitest';

import type { Texts } from '@/i18n/catalogue';
import de from '@/i18n/locales/de';
import en from '@/i18n/locales/en';
import es from '@/i18n/locales/es';
import fr from '@/i18n/locales/fr';
import ja from '@/i18n/locales/ja';

/** All texts by their full key; forms of a plural fall together under the key they are asked by. */
function flat(texts: Texts, prefix = ''): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [key, text] of Object.entries(texts)) {
    const path = prefix + key.replace(/_(one|many|other)$/, '');
    if (typeof text === 'string') found.set(path, [...(found.get(path) ?? []), text]);
    else for (const [inner, forms] of flat(text, `${path}.`)) found.set(inner, forms);
  }
  return found;
}

const placeholders = (forms: readonly string[]): string[] =>
  [...new Set(forms.flatMap((text) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1] ?? '')))].sort();

const english = flat(en);

describe.each(Object.entries({ de, es, fr, ja }))('the %s catalogue', (language, texts) => {
  const translated = flat(texts);

  test('has the keys of the English one and no others', () => {
    expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
  });

  test('fills in the same placeholders', () => {
    for (const [key, forms] of english) {
      const given = placeholders(translated.get(key) ?? []);
      // A language without a singular may leave the name of the single thing out.
      const wanted = placeholders(forms).filter((name) => given.includes(name) || forms.length === 1);
      expect(given, `${language} ${key}`).toEqual(wanted);
    }
  });

  test('has every form of plural that its grammar asks for', () => {
    const categories = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const keys = (nested: Texts, prefix = ''): string[] =>
      Object.entries(nested).flatMap(([key, text]) => (typeof text === 'string' ? [prefix + key] : keys(text, `${prefix}${key}.`)));
    const own = new Set(keys(texts));
    for (const key of keys(en).filter((one) => one.endsWith('_other'))) {
      for (const category of categories) expect(own).toContain(key.replace(/other$/, category));
    }
  });
});
