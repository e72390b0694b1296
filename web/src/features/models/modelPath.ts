/** Where a model's page is. */
import { segment } from '@/api/http';

export const modelPath = (name: string): string => `/models/${segment(name)}`;
