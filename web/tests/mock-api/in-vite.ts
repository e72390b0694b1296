/** `npm run dev` without a backend: the double answers `/api`. `LITEMAAS_URL` names a real one instead. */
import type { Plugin } from 'vite';

import { handle } from './handler';
import { createWorld } from './state';

export function mockApiInVite(): Plugin {
  return {
    name: 'litemaas-mock-api',
    apply: 'serve',
    configureServer(server) {
      if (process.env.LITEMAAS_URL || process.env.VITEST) return;
      const world = createWorld('many', 'admin');
      server.middlewares.use('/api', (request, response, next) => {
        handle(world, request, response).catch(next);
      });
    },
  };
}
