/** What the generated schema says of each address: a wrong address, field or value does not compile. */
import type { paths } from './schema';

type Described = { [P in keyof paths as P extends `/api${infer Rest}` ? Rest : never]: paths[P] };

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Addresses that can be called this way. */
export type PathOf<M extends Method> = { [P in keyof Described]: undefined extends Described[P][M] ? never : P }[keyof Described];

type Operation<M extends Method, P extends PathOf<M>> = P extends unknown ? NonNullable<Described[P][M]> : never;

type Json<T> = T extends { content: { 'application/json': infer Value } } ? Value : undefined;

type AnswerTo<O> = O extends { responses: { 200: infer Success } } ? Json<Success> : undefined;

/** The JSON of a successful answer; `undefined` where it has none. */
export type Answer<M extends Method, P extends PathOf<M>> = AnswerTo<Operation<M, P>>;

type PathValues<O> = O extends { parameters: { path: infer Values } } ? { path: Values } : { path?: never };
type QueryValues<O> = O extends { parameters: { query?: infer Values } } ? { query?: Values } : { query?: never };
type BodyValue<O> = O extends { requestBody: infer Content }
  ? { body: Json<Content> }
  : O extends { requestBody?: infer Content }
    ? { body?: Json<NonNullable<Content>> }
    : { body?: never };

type OptionsOf<O> = O extends unknown ? PathValues<O> & QueryValues<O> & BodyValue<O> : never;

/** What goes with a request to this address. */
export type Options<M extends Method, P extends PathOf<M>> = OptionsOf<Operation<M, P>>;

/** The options may be left out where nothing in them is needed. */
export type Given<T> = object extends T ? [options?: T] : [options: T];

/** Addresses of lists that come in pages, and what is on them. */
export type ListPath = { [P in PathOf<'get'>]: Answer<'get', P> extends { items: readonly unknown[]; total: number } ? P : never }[PathOf<'get'>];
export type Item<P extends ListPath> = Answer<'get', P> extends { items: readonly (infer One)[] } ? One : never;
