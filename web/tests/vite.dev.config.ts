/** `npm run dev`: the pages as they are edited, beside the API double of the tests. */
import { mergeConfig } from 'vitest/config';

import config from '../vite.config';
import { mockApiInVite } from './mock-api/in-vite';

export default mergeConfig(config, { plugins: [mockApiInVite()] });
