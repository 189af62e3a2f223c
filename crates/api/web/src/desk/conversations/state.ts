import { computed, effect, signal } from '@preact/signals';
import { announce } from '../../base/announce';
import { get, headers, signed, type Forms } from '../../base/http';
import { Events } from '../../base/live';
import { Problem, problemOf } from '../../base/problem';
import { settle } from './sending';
import { c } from './words';

export type Conversation = Forms['ConversationForm'];
export type Message = Forms['MessageForm'];
export type Ready = Forms['ReadyAnswer'];

/** Open conversations as turno told them last; `null`: the site has none, or they are not known yet. */
export const all = signal<readonly Conversation[] | null>(null);
/** The plan's ready answers. */
export const ready = signal<readonly Ready[]>([]);
const openId = signal<number | null>(null);
/** Messages by conversation. */
export const logs = signal<Readonly<Record<number, readonly Message[]>>>({});

/** Those of the own agent: the one that has waited longest first, laid aside ones last. */
export const own = computed(() => {
  const agent = signed.value?.agent;
  const mine = (all.value ?? []).filter((one) => one.agent === agent && agent != null && !one.is_offered);
  const since = (one: Conversation) => one.waits_since ?? Number.MAX_SAFE_INTEGER;
  return mine.sort((a, b) => Number(a.stage === 'parked') - Number(b.stage === 'parked') || since(a) - since(b) || a.conversation - b.conversation);
});
export const offered = computed(() => (all.value ?? []).filter((one) => one.is_offered && one.agent === signed.value?.agent));
export const waiting = computed(() => (all.value ?? []).filter((one) => one.stage === 'waiting' && one.agent !== signed.value?.agent).length);

/** The conversation that is open: the chosen one, else the first. */
export const open = computed(() => own.value.find((one) => one.conversation === openId.value) ?? own.value[0] ?? null);

export function show(conversation: number): void {
  openId.value = conversation;
}

/** Opens the next or the previous one of the list. */
export function step(by: number): void {
  const list = own.value;
  const at = list.findIndex((one) => one.conversation === open.value?.conversation);
  const next = list[(at + by + list.length) % Math.max(1, list.length)];
  if (next) show(next.conversation);
}

const SILENCE_MAX = 12_000;
const MOST = 100;
const versions = new Map<number, number>();

/** Asks for the messages of a conversation that has changed. */
async function learn(one: Conversation): Promise<void> {
  if (versions.get(one.conversation) === one.version) return;
  versions.set(one.conversation, one.version);
  try {
    const { messages } = await get('/api/v1/conversations/{conversation}/messages', { most: MOST }, { conversation: one.conversation });
    put(one.conversation, messages);
  } catch {
    // The next change, or the next sign of life, asks again.
    versions.delete(one.conversation);
  }
}

function put(conversation: number, messages: readonly Message[]): void {
  const before = logs.value[conversation] ?? [];
  const first = messages[0]?.id ?? Number.MAX_SAFE_INTEGER;
  logs.value = { ...logs.value, [conversation]: [...before.filter((one) => one.id < first), ...messages] };
  settle(conversation, messages);
  const last = messages.at(-1);
  if (last && last.by === 'citizen' && last.id > (before.at(-1)?.id ?? last.id)) {
    const name = all.value?.find((one) => one.conversation === conversation)?.name ?? c.value.person;
    announce(c.value.newMessage(name, 'text' in last.body ? last.body.text.slice(0, 200) : ''));
  }
}

/** Messages before those that are there. */
export async function learnEarlier(conversation: number): Promise<void> {
  const first = logs.value[conversation]?.[0];
  if (!first) return;
  const { messages } = await get('/api/v1/conversations/{conversation}/messages', { before: first.id, most: MOST }, { conversation });
  logs.value = { ...logs.value, [conversation]: [...messages, ...(logs.value[conversation] ?? [])] };
}

/** Follows the conversations until the returned function is called; where the site has none, it asks once a minute. */
export function followConversations(): () => void {
  const ended = new AbortController();
  void keepFollowing(ended.signal);
  const end = effect(() => {
    const mine = own.value;
    for (const one of mine) void learn(one);
    const kept = new Set(mine.map((one) => one.conversation));
    if (Object.keys(logs.peek()).some((number) => !kept.has(Number(number)))) {
      logs.value = Object.fromEntries(Object.entries(logs.peek()).filter(([number]) => kept.has(Number(number))));
      for (const number of versions.keys()) if (!kept.has(number)) versions.delete(number);
    }
  });
  return () => {
    ended.abort();
    end();
  };
}

async function keepFollowing(ended: AbortSignal): Promise<void> {
  let pause = 500;
  while (!ended.aborted) {
    try {
      if (ready.value.length === 0) ready.value = await get('/api/v1/answers');
      await read(ended, () => {
        pause = 500;
      });
    } catch (error) {
      if (error instanceof Problem && error.status === 404) {
        all.value = null;
        pause = 60_000;
      }
    }
    if (ended.aborted || signed.value === null) return;
    await new Promise((done) => setTimeout(done, pause));
    pause = Math.min(pause * 2, 60_000, pause >= 60_000 ? 60_000 : 5_000);
  }
}

async function read(ended: AbortSignal, heard: () => void): Promise<void> {
  const silent = new AbortController();
  let watchdog = setTimeout(() => silent.abort(), SILENCE_MAX);
  try {
    const answer = await fetch('/api/v1/conversations/live', { headers: headers(), signal: AbortSignal.any([ended, silent.signal]) });
    if (!answer.ok || !answer.body) throw await problemOf(answer);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new Events();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silent.abort(), SILENCE_MAX);
      const data = events.take(value).at(-1);
      if (data === undefined) continue;
      heard();
      all.value = (JSON.parse(data) as Forms['Conversations']).conversations;
    }
  } finally {
    clearTimeout(watchdog);
  }
}
