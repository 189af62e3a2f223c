import { signal } from '@preact/signals';
import { follow } from './line';
import { merge, type Chat, type Message } from './merge';
import { number, Outbox, type Deed, type Unsent } from './outbox';
import { keep, kept } from './shelf';
import { words, type Language } from './words';

const asked = new URLSearchParams(location.search);
const TOKEN = 'turno.chat.token';
const LANGUAGE = 'turno.chat.language';
const TEXT_MAX = 4_096;

function first(): Language {
  const wanted = kept(LANGUAGE) ?? asked.get('lang') ?? navigator.language.slice(0, 2);
  return wanted === 'en' ? 'en' : 'es';
}

export const language = signal<Language>(first());
export const chat = signal<Chat | null>(null);
export const log = signal<readonly Message[]>([]);
export const unsent = signal<readonly Unsent[]>([]);
export const line = signal<'idle' | 'connecting' | 'live' | 'lost'>('idle');
/** What is to be said to the person once. */
export const notice = signal<string | null>(null);
export const isSendingFile = signal(false);

const outbox = new Outbox();
unsent.value = outbox.all;
let token = kept(TOKEN);
let leaveLine: (() => void) | null = null;

export function speak(chosen: Language): void {
  keep(LANGUAGE, chosen);
  language.value = chosen;
}

language.subscribe((now) => {
  document.documentElement.lang = now;
});

/** Goes on with the chat of the last visit, if there is one. */
export function begin(): void {
  if (token !== null) listen(token);
  if (outbox.first()) void flush();
  addEventListener('online', () => void flush());
}

function listen(secret: string): void {
  leaveLine?.();
  leaveLine = follow(secret, {
    update: (update) => {
      chat.value = update.chat;
      if (update.messages.length > 0) {
        log.value = merge(log.value, update.messages);
        outbox.shown(new Set(update.messages.flatMap((one) => (one.client == null ? [] : [one.client]))));
        unsent.value = outbox.all;
      }
      void flush();
    },
    state: (state) => {
      line.value = state;
    },
    unknown: forget,
    cursor: () => log.value.at(-1)?.id ?? 0,
  });
}

/** turno no longer has the chat: what was not sent goes into another one. */
function forget(): void {
  end();
  notice.value = words[language.value].gone;
  if (outbox.first()) void flush();
}

function end(): void {
  leaveLine?.();
  leaveLine = null;
  token = null;
  keep(TOKEN, null);
  chat.value = null;
  log.value = [];
  line.value = 'idle';
  // turno has these; the log that would show them is gone.
  for (const one of outbox.all.filter(({ state }) => state === 'kept')) outbox.remove(one.deed.client);
  unsent.value = outbox.all;
}

/** Says something; it is kept here until turno has it. Returns whether it was taken. */
export function say(text: string): boolean {
  if (text.trim() === '') return false;
  if ([...text].length > TEXT_MAX) {
    notice.value = words[language.value].tooLong;
    return false;
  }
  return put({ do: 'say', client: number(), text });
}

export function choose(id: string, title: string): void {
  put({ do: 'choose', client: number(), id, title });
}

function put(deed: Deed): boolean {
  notice.value = null;
  const taken = outbox.add(deed);
  unsent.value = outbox.all;
  void flush();
  return taken;
}

/** Takes back what was refused, to write it anew. */
export function takeBack(client: string): string {
  const deed = outbox.all.find((one) => one.deed.client === client)?.deed;
  outbox.remove(client);
  unsent.value = outbox.all;
  return deed?.do === 'say' ? deed.text : (deed?.title ?? '');
}

interface Answer {
  status: number;
  body: { detail?: string; retry_after?: number; token?: string; chat?: Chat };
}

async function post(path: string, body: BodyInit, kind = 'application/json', span = 15_000): Promise<Answer | null> {
  try {
    const headers: Record<string, string> = { 'content-type': kind, 'accept-language': language.value };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    const answer = await fetch(path, { method: 'POST', headers, body, signal: AbortSignal.timeout(span) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Answer['body']) };
  } catch {
    return null;
  }
}

/** Whether there is a chat; opens one if there is none. Seconds: try again then. */
async function opened(): Promise<true | number> {
  if (token !== null) return true;
  const page = document.referrer === '' ? null : document.referrer.slice(0, 300);
  const opening = { language: language.value, name: asked.get('name')?.slice(0, 60) || null, queue: asked.get('queue'), page };
  const answer = await post('/chat/sessions', JSON.stringify(opening));
  if (answer === null) return 2;
  if (answer.status !== 201 || !answer.body.token) {
    notice.value = answer.body.detail ?? String(answer.status);
    return Math.max(answer.body.retry_after ?? 5, 1);
  }
  token = answer.body.token;
  keep(TOKEN, token);
  notice.value = null;
  chat.value = answer.body.chat ?? null;
  listen(token);
  return true;
}

let isFlushing = false;
let retry: ReturnType<typeof setTimeout> | undefined;

/** Sends what waits, in order, one at a time. */
async function flush(): Promise<void> {
  if (isFlushing) return;
  isFlushing = true;
  clearTimeout(retry);
  const wait = await send();
  isFlushing = false;
  unsent.value = outbox.all;
  if (wait !== null) retry = setTimeout(() => void flush(), wait * 1_000);
}

async function send(): Promise<number | null> {
  for (let deed = outbox.first(); deed; deed = outbox.first()) {
    const ready = await opened();
    if (ready !== true) return ready;
    const answer = await post('/chat/deeds', JSON.stringify(deed));
    if (answer === null) return 2;
    if (answer.status === 200) {
      // The log may have been told of it before the answer was.
      if (log.value.some((one) => one.client === deed.client)) outbox.remove(deed.client);
      else outbox.kept(deed.client);
    } else if (answer.status === 401) {
      forget();
      return 1;
    } else if (answer.status === 429 || answer.status >= 500) {
      return Math.max(answer.body.retry_after ?? 2, 1);
    } else {
      outbox.refused(deed.client, answer.body.detail ?? String(answer.status));
    }
    unsent.value = outbox.all;
  }
  return null;
}

/** Sends a file; a lost answer is asked for again under the same number. */
export async function sendFile(file: File): Promise<void> {
  const t = words[language.value];
  isSendingFile.value = true;
  notice.value = null;
  const ready = await opened();
  const most = chat.value?.file_bytes_max ?? 0;
  if (ready === true && file.size > most) {
    notice.value = t.tooLarge((most / 1_048_576).toFixed(1));
  } else if (ready === true) {
    const about = new URLSearchParams({ client: number(), name: file.name.slice(0, 200) });
    let answer: Answer | null = null;
    for (let tries = 0; answer === null && tries < 3; tries += 1) {
      answer = await post(`/chat/files?${about}`, file, 'application/octet-stream', 120_000);
    }
    if (answer === null) notice.value = t.lost;
    else if (answer.status !== 200) notice.value = `${t.notSent} ${answer.body.detail ?? answer.status}`;
  }
  isSendingFile.value = false;
}

/** The content of a file, as an address of this page. */
export async function fileOf(file: string): Promise<string | null> {
  try {
    const answer = await fetch(`/chat/files/${file}`, { headers: { authorization: `Bearer ${token ?? ''}` } });
    return answer.ok ? URL.createObjectURL(await answer.blob()) : null;
  } catch {
    return null;
  }
}

const tell = (deed: object) => (token === null ? undefined : void post('/chat/deeds', JSON.stringify(deed)));

let toldTyping = 0;
/** Says that the person is typing, every few seconds. */
export function typing(is: boolean): void {
  if (is && Date.now() - toldTyping < 3_000) return;
  if (!is && toldTyping === 0) return;
  toldTyping = is ? Date.now() : 0;
  tell({ do: 'typing', is_typing: is });
}

let toldSeen = 0;
export function seen(upTo: number): void {
  if (upTo <= toldSeen || token === null) return;
  toldSeen = upTo;
  tell({ do: 'seen', up_to: upTo });
}

export async function rate(stars: number): Promise<void> {
  const answer = await post('/chat/deeds', JSON.stringify({ do: 'rate', stars }));
  if (answer?.status === 200 && chat.value) chat.value = { ...chat.value, rating: stars };
  else notice.value = answer?.body.detail ?? words[language.value].lost;
}

export async function leave(): Promise<void> {
  const answer = await post('/chat/deeds', JSON.stringify({ do: 'leave' }));
  if (answer?.status !== 200) notice.value = answer?.body.detail ?? words[language.value].lost;
}

/** Another conversation, without the words of this one. */
export function anew(): void {
  end();
  toldSeen = 0;
  notice.value = null;
}
