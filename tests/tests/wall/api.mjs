// turno's API for the scripts of this folder: who signs in, orders, tokens.
import { NAME, PASSWORD, TOKEN, TURNO } from './browser.mjs';

let session = null;

async function asked(method, path, body) {
  const headers = { 'content-type': 'application/json', ...(session ?? {}) };
  const answer = await fetch(`${TURNO}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return { answer, body: text === '' ? null : JSON.parse(text) };
}

/** Signs in by name and password, once. */
export async function enter() {
  if (session) return;
  const { answer, body } = await asked('POST', '/api/v1/session', { name: NAME, password: PASSWORD });
  const cookie = answer.headers.getSetCookie()[0].split(';')[0];
  session = { cookie, 'x-csrf-token': body.csrf };
}

export const get = async (path) => (await asked('GET', path)).body;
export const order = async (what) => (await asked('POST', '/api/v1/orders', { order: what })).body;

/** A reader's token: that of the environment, or a new one. */
export async function readersToken() {
  if (TOKEN) return TOKEN;
  await enter();
  const { body } = await asked('POST', '/api/v1/tokens', { name: `wall${Date.now()}`, scope: { role: 'reader' }, days: 1 });
  return body.token;
}

export const endToken = async (name) => asked('DELETE', `/api/v1/tokens/${NAME}/${name}`);
export const tokens = () => get('/api/v1/tokens');
