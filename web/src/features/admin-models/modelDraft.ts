/** The wizard's form: how it starts, what each step needs, what is sent. */
import type { Mode } from '@/api/choices';
import type { Capability, NewDeployment, NewModel, Prices, Provider, ServedModel } from '@/api/types';

import { DEFAULT_ROUTING, routingChanges, type RoutingDraft } from './routingDraft';

/** The prices that an administrator can give. */
export type GivenPrices = Omit<Prices, 'source'>;

export interface ModelDraft {
  provider: string;
  apiBase: string;
  apiKey: string;
  /** The id that the deployment is to have, where its origin gives it one. */
  deploymentId: string;
  /** As the upstream calls it, one a line of the form. */
  upstreamModels: string[];
  publicName: string;
  mode: Mode;
  description: string;
  capabilities: Capability[];
  maxInput: number | null;
  maxOutput: number | null;
  prices: GivenPrices;
  restricted: boolean;
  accessGroups: string[];
  /** Seconds; null: no response cache. */
  cacheTtl: number | null;
  cacheShared: boolean;
  routing: RoutingDraft;
}

export const NO_PRICES: GivenPrices = {
  input_per_million: null,
  output_per_million: null,
  cached_input_per_million: null,
  request: null,
  image: null,
  output_image: null,
  second: null,
  characters_per_million: null,
  search: null,
};

/** Prices as a form starts with them. */
export function givenPrices(prices: Prices): GivenPrices {
  const names = Object.keys(NO_PRICES) as (keyof GivenPrices)[];
  return Object.fromEntries(names.map((name) => [name, prices[name]])) as unknown as GivenPrices;
}

export const NEW_MODEL: ModelDraft = {
  provider: '',
  apiBase: '',
  apiKey: '',
  deploymentId: '',
  upstreamModels: [],
  publicName: '',
  mode: 'chat',
  description: '',
  capabilities: [],
  maxInput: null,
  maxOutput: null,
  prices: NO_PRICES,
  restricted: false,
  accessGroups: [],
  cacheTtl: null,
  cacheShared: false,
  routing: DEFAULT_ROUTING,
};

/** The form for a model that OpenShift AI serves. */
export const draftOfServed = (draft: ModelDraft, service: ServedModel): ModelDraft => ({
  ...draft,
  provider: 'openai',
  apiBase: service.api_base,
  deploymentId: service.id,
  upstreamModels: service.models.slice(0, 1),
  publicName: '',
  description: draft.description || service.display_name,
});

/** Whether a key must be given: at the provider's own address; a server of one's own may go without. */
export const needsKey = (draft: ModelDraft, provider: Provider | undefined): boolean =>
  provider !== undefined && provider.needs_api_key && (draft.apiBase === '' || draft.apiBase === provider.default_api_base);

/** Whether the endpoint can be asked. */
export function endpointReady(draft: ModelDraft, provider: Provider | undefined): boolean {
  if (!provider) return false;
  const baseGiven = /^https?:\/\/\S+$/.test(draft.apiBase) || (draft.apiBase === '' && !provider.needs_api_base);
  return baseGiven && (draft.apiKey !== '' || !needsKey(draft, provider));
}

/** The name a model gets where none was typed: its own, without the folders before it. */
export const suggestedName = (upstreamModel: string): string => upstreamModel.split('/').at(-1) ?? upstreamModel;

/** Where and as what one upstream model is called. */
export const deploymentOrder = (draft: ModelDraft, upstreamModel: string): NewDeployment => ({
  provider: draft.provider,
  litellm_model: upstreamModel,
  api_base: draft.apiBase || null,
  ...(draft.apiKey && { api_key: draft.apiKey }),
});

/** The name under which people will call a chosen model; the typed one belongs to a single model. */
export const publicNameOf = (draft: ModelDraft, upstreamModel: string): string =>
  (draft.upstreamModels.length === 1 && draft.publicName.trim()) || suggestedName(upstreamModel);

/** One order for each chosen upstream model. */
export const modelOrders = (draft: ModelDraft): NewModel[] =>
  draft.upstreamModels.map((upstreamModel, index) => ({
    ...deploymentOrder(draft, upstreamModel),
    ...(draft.deploymentId && index === 0 && { id: draft.deploymentId }),
    public_name: publicNameOf(draft, upstreamModel),
    mode: draft.mode,
    description: draft.description.trim() || null,
    capabilities: draft.capabilities,
    max_input_tokens: draft.maxInput,
    max_output_tokens: draft.maxOutput,
    restricted: draft.restricted,
    access_groups: draft.accessGroups,
    cache_ttl: draft.cacheTtl,
    cache_shared: draft.cacheShared,
    routing: routingChanges(DEFAULT_ROUTING, draft.routing),
    ...(Object.values(draft.prices).some((price) => price !== null) && { prices: draft.prices }),
  }));
