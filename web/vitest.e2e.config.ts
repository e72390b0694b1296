/** Tests in a real browser of the built pages: `npm run build` comes first. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: {
    environment: 'node',
    include: ['tests/{pages,system}/**/*.test.ts'],
    // No test judges speed: on a busy machine a page takes as long as it takes.
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // One browser at a time: the machine that runs this may be small.
    fileParallelism: false,
  },
});
