import { signal } from '@preact/signals';
import { Problem, problemOf, Unreachable } from './problem';
import type { components, paths } from './schema';
import { language } from './words';

/** The forms of the API by their names. A field that changes there breaks the build here. */
export type Forms = components['schemas'];
export type Order = Forms['Order'];
export type Signed = Forms['Signed'];

type Method = 'get' | 'post' | 'put' | 'delete';
type Paths<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type Answer<P extends keyof paths, M extends Method> = paths[P][M] extends {
  responses: { 200: { content: { 'application/json': infer Body } } };
}
  ? Body
  : paths[P][M] extends { responses: { 201: { content: { 'application/json': infer Body } } } }
    ? Body
    : unknown;
type Query<P extends keyof paths> = paths[P]['get'] extends { parameters: { query?: infer Q } } ? Q : never;
type Body<P extends keyof paths, M extends Method> = paths[P][M] extends {
  requestBody: { content: { 'application/json': infer B } };
}
  ? B
  : paths[P][M] extends { requestBody?: infer R }
    ? [NonNullable<R>] extends [{ content: { 'application/json': infer B } }]
      ? B
      : never
    : never;

/** Who is signed in; `null`: nobody, `undefined`: not known yet. */
export const signed = signal<Signed | null | undefined>(undefined);

/** A token in place of a session, for walls: from the address after `#token=`, kept in this tab alone. */
const TOKEN = 'turno.token';
const given = /^#token=(.+)$/.exec(location.hash)?.[1];
if (given) {
  sessionStorage.setItem(TOKEN, decodeURIComponent(given));
  history.replaceState(null, '', location.pathname + location.search);
}

export function hasToken(): boolean {
  return sessionStorage.getItem(TOKEN) !== null;
}

export function forgetToken(): void {
  sessionStorage.removeItem(TOKEN);
}

/** What every request carries. */
export function headers(more: Record<string, string> = {}): Record<string, string> {
  const token = sessionStorage.getItem(TOKEN);
  const csrf = signed.value?.csrf;
  return {
    'accept-language': language.value,
    ...(token ? { authorization: `Bearer ${token}` } : csrf ? { 'x-csrf-token': csrf } : {}),
    ...more,
  };
}

/** The address with its parts and its query filled in. */
export function address(path: string, parts: Record<string, string | number>, query: object = {}): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name] ?? '')));
  const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(wanted.map(([name, value]) => [name, String(value)])).toString();
  return text ? `${filled}?${text}` : filled;
}

async function send(method: Method, where: string, body?: unknown, more: Record<string, string> = {}): Promise<Response> {
  const said = body === undefined ? {} : { body: JSON.stringify(body) };
  const kind: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  let answer: Response;
  try {
    answer = await fetch(where, {
      method: method.toUpperCase(),
      headers: headers({ ...kind, ...more }),
      signal: AbortSignal.timeout(10_000),
      ...said,
    });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (answer.ok) return answer;
  const problem = await problemOf(answer);
  if (problem.isSignedOut) signed.value = null;
  throw problem;
}

type Parts = Record<string, string | number>;

export async function get<P extends Paths<'get'>>(path: P, query?: Query<P>, parts: Parts = {}): Promise<Answer<P, 'get'>> {
  return (await (await send('get', address(path, parts, query ?? {}))).json()) as Answer<P, 'get'>;
}

async function change<P extends keyof paths, M extends 'post' | 'put' | 'delete'>(
  method: M,
  path: P,
  body: Body<P, M> | undefined,
  parts: Parts,
  more: Record<string, string> = {},
): Promise<Answer<P, M>> {
  const answer = await send(method, address(path, parts), body, more);
  const text = await answer.text();
  return (text ? JSON.parse(text) : undefined) as Answer<P, M>;
}

export const post = <P extends Paths<'post'>>(path: P, body?: Body<P, 'post'>, parts: Parts = {}) =>
  change('post', path, body, parts);
export const put = <P extends Paths<'put'>>(path: P, body?: Body<P, 'put'>, parts: Parts = {}) =>
  change('put', path, body, parts);
export const remove = <P extends Paths<'delete'>>(path: P, parts: Parts = {}) =>
  change('delete', path, undefined, parts);

/** Lets turno do something. An order whose answer was lost is sent again once, under the same key, so it is done once. */
export async function give(order: Order, why?: string): Promise<Answer<'/api/v1/orders', 'post'>> {
  const key = crypto.randomUUID();
  const body = (why ? { order, why } : { order }) as Body<'/api/v1/orders', 'post'>;
  const once = () => change('post', '/api/v1/orders', body, {}, { 'idempotency-key': key });
  try {
    return await once();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return await once();
  }
}

/** Asks who is signed in. */
export async function whoAmI(): Promise<void> {
  try {
    signed.value = await get('/api/v1/session');
  } catch (error) {
    // Only who is told so is signed out: a turno that is busy or begins is asked again.
    if (!(error instanceof Problem) || !error.isSignedOut) throw error;
    signed.value = null;
  }
}

export async function signIn(name: string, password: string): Promise<void> {
  signed.value = await post('/api/v1/session', { name, password });
}

export async function signOut(): Promise<void> {
  forgetToken();
  if (signed.value?.csrf) await remove('/api/v1/session');
  signed.value = null;
}
