/** What jsdom lacks and the pages expect, and the texts in English. */
import { cleanup } from '@testing-library/react';
import { afterEach, vi } from 'vitest';

vi.stubGlobal('matchMedia', (media: string) => ({ media, matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }));
vi.stubGlobal(
  'ResizeObserver',
  class {
    observe(): void {
      // jsdom lays nothing out, so no size ever changes.
    }
    disconnect(): void {
      // Nothing was observed.
    }
  },
);

const { startTexts } = await import('@/i18n');
await startTexts();

afterEach(cleanup);
