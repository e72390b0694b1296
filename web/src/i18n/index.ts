/** Texts in the reader's language: English comes with the page, the others are fetched when chosen. */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';

import type { Texts } from './catalogue';
import en from './locales/en';

export const LANGUAGES = { en: 'English', de: 'Deutsch', fr: 'Français', es: 'Español', ja: '日本語' } as const;
export type Language = keyof typeof LANGUAGES;

const STORED = 'litemaas.language';
const catalogues = import.meta.glob<{ default: Record<string, Texts> }>('./locales/*/index.ts');

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: typeof en;
  }
}

export const isLanguage = (text: string | null | undefined): text is Language => text != null && text in LANGUAGES;

/** The language that was chosen here before, else the browser's first that we have, else English. */
export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (isLanguage(stored)) return stored;
  return navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'common')) return;
  const catalogue = await catalogues[`./locales/${language}/index.ts`]?.();
  for (const [namespace, texts] of Object.entries(catalogue?.default ?? {})) {
    i18next.addResourceBundle(language, namespace, texts);
  }
}

/** Switches the page to a language and remembers it in this browser. */
export async function chooseLanguage(language: Language): Promise<void> {
  await load(language);
  localStorage.setItem(STORED, language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

/** Prepares the texts before the first paint. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en },
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  const language = preferredLanguage();
  if (language !== 'en') {
    await load(language);
    await i18next.changeLanguage(language);
  }
  document.documentElement.lang = language;
}
