/** Builds the portal's pages for `/ui/`; it needs nothing of the tests, which the image's source does not have. */
import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  base: '/ui/',
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    // A data: URL would need an exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: process.env.LITEMAAS_URL ? { '/api': process.env.LITEMAAS_URL } : undefined,
  },
  test: {
    environment: 'jsdom',
    include: ['tests/unit/**/*.test.{ts,tsx}'],
    setupFiles: ['tests/unit/setup.ts'],
    server: { deps: { inline: [/@patternfly/] } },
    testTimeout: 20_000,
    css: false,
  },
});
