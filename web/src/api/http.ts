/** The one way to the portal's REST interface: same origin, cookie session, CSRF header, OpenAI-shaped errors. */
import type { Answer, Given, Method, Options, PathOf } from './contract';

let csrfToken = '';

/** Keeps the token of the current session; every unsafe request carries it. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

/** A refusal by the server, in its own words. `status` 0 means that no answer came at all. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string | null,
    readonly param: string | null,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Record<string, QueryValue>;

/** Renders a query string; absent and empty values are left out, lists repeat their name. */
export function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    for (const single of Array.isArray(value) ? (value as readonly string[]) : [value]) {
      parameters.append(name, String(single));
    }
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

/** Percent-encodes one path segment, slashes of model names included. */
export const segment = (text: string): string => encodeURIComponent(text);

interface ErrorBody {
  error?: { message?: string; code?: string | null; param?: string | null };
}

async function refusal(response: Response): Promise<ApiError> {
  const body = (await response.json().catch(() => ({}))) as ErrorBody;
  const message = body.error?.message ?? `${response.status} ${response.statusText}`;
  return new ApiError(message, response.status, body.error?.code ?? null, body.error?.param ?? null);
}

export interface SendOptions {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal;
}

/**
 * Sends one request and returns the raw response, for streams and files.
 * @throws ApiError when the server refuses or cannot be reached.
 */
export async function send(method: Method, path: string, options: SendOptions = {}): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' });
  if (method !== 'get') headers.set('X-CSRF-Token', csrfToken);
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    body = options.body;
  } else if (options.body !== undefined) {
    headers.set('Content-Type', 'application/json');
    body = JSON.stringify(options.body);
  }
  let response: Response;
  try {
    response = await fetch(`/api${path}${queryString(options.query)}`, {
      method: method.toUpperCase(),
      headers,
      body,
      credentials: 'same-origin',
      signal: options.signal,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError('The server cannot be reached.', 0, 'unreachable', null);
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

export type PathValues = Record<string, string>;

/** Fills the names in braces of an address: `/keys/{key_id}`. */
export const filled = (path: string, values: PathValues = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => segment(values[name] ?? ''));

/** Sends one request as the contract has it and reads its JSON answer; an empty answer is `undefined`. */
export async function call<M extends Method, P extends PathOf<M>>(method: M, path: P, ...[given]: Given<Options<M, P>>): Promise<Answer<M, P>> {
  const { path: values, ...options } = (given ?? {}) as SendOptions & { path?: PathValues };
  const response = await send(method, filled(path, values), options);
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as Answer<M, P>;
}
