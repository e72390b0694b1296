/** Light or dark: what was chosen here before, else what the system says. */
import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark' | 'system';

const STORED = 'litemaas.theme';
const DARK_CLASS = 'pf-v6-theme-dark';
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function chosenTheme(): Theme {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

const isDark = (): boolean => (chosenTheme() === 'system' ? systemDark.matches : chosenTheme() === 'dark');

/** Puts the theme on the document; called before the first paint and at every change. */
export function applyTheme(): void {
  document.documentElement.classList.toggle(DARK_CLASS, isDark());
  for (const listener of listeners) listener();
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, theme);
  applyTheme();
}

systemDark.addEventListener('change', applyTheme);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The choice that was made, and whether the page is dark now. */
export function useTheme(): { theme: Theme; dark: boolean } {
  const theme = useSyncExternalStore(subscribe, chosenTheme);
  const dark = useSyncExternalStore(subscribe, isDark);
  return { theme, dark };
}
