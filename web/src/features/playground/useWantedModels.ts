/** The models that the address names, each read alone: a long catalogue is never here as a whole. */
import { useQueries } from '@tanstack/react-query';

import { filled } from '@/api/http';
import { readingOf } from '@/api/query';
import type { CatalogueModel } from '@/api/types';

interface WantedModel {
  name: string;
  /** Not yet, while it is read. */
  model: CatalogueModel | undefined;
}

/** Those of the names that one may chat with, as far as that is known. */
export function useWantedModels(names: readonly string[]): WantedModel[] {
  const read = useQueries({ queries: names.map((name) => readingOf<CatalogueModel>(filled('/models/{name}', { name }))) });
  return names
    .map((name, index) => ({ name, model: read[index]?.data, isRefused: read[index]?.isError }))
    .filter(({ model, isRefused }) => (model ? model.access === 'granted' && model.mode === 'chat' : !isRefused));
}
