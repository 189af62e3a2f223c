import { signal } from '@preact/signals';
import { post } from '../../base/http';
import { Problem } from '../../base/problem';

/** An answer that turno has not said to have. It is kept in the browser, so neither a reload nor a kill loses or doubles it. */
export interface Leaving {
  conversation: number;
  client: string;
  text?: string;
  card?: string;
  /** What it is called while it leaves. */
  shown: string;
  state: 'leaving' | 'kept' | 'refused';
  why?: string;
}

const KEPT = 'turno.written.leaving';
const DRAFT = 'turno.written.draft.';
const AGAIN = 2_000;

export const leaving = signal<readonly Leaving[]>(read());

function read(): Leaving[] {
  try {
    const all = JSON.parse(localStorage.getItem(KEPT) ?? '[]') as Leaving[];
    return Array.isArray(all) ? all.filter((one) => typeof one?.client === 'string' && typeof one.conversation === 'number') : [];
  } catch {
    return [];
  }
}

function write(all: readonly Leaving[]): void {
  leaving.value = all;
  localStorage.setItem(KEPT, JSON.stringify(all.filter((one) => one.state !== 'kept')));
}

const change = (client: string, how: Partial<Leaving>) =>
  write(leaving.value.map((one) => (one.client === client ? { ...one, ...how } : one)));

/** Answers with words, or with a card. */
export function answer(conversation: number, what: { text: string } | { card: string; shown: string }): void {
  const shown = 'text' in what ? what.text : what.shown;
  const said = 'text' in what ? { text: what.text } : { card: what.card };
  write([...leaving.value, { conversation, client: crypto.randomUUID(), ...said, shown, state: 'leaving' }]);
  void flush();
}

let isFlushing = false;

/** Sends what waits, in order. */
export async function flush(): Promise<void> {
  if (isFlushing) return;
  isFlushing = true;
  for (let one = first(); one; one = first()) {
    const { conversation, client, text, card } = one;
    try {
      const reply = { client, choices: [], ...(text === undefined ? {} : { text }), ...(card === undefined ? {} : { card }) };
      await post('/api/v1/conversations/{conversation}/replies', reply, { conversation });
      change(client, { state: 'kept' });
    } catch (error) {
      if (error instanceof Problem && error.status >= 400 && error.status < 500 && !error.isSignedOut) {
        change(client, { state: 'refused', why: error.message });
        continue;
      }
      setTimeout(() => void flush(), AGAIN);
      break;
    }
  }
  isFlushing = false;
}

const first = () => leaving.value.find((one) => one.state === 'leaving');

/** The log has these messages. */
export function settle(conversation: number, messages: readonly { client?: string | null }[]): void {
  const shown = new Set(messages.map((one) => one.client));
  if (leaving.value.some((one) => one.conversation === conversation && shown.has(one.client))) {
    write(leaving.value.filter((one) => !(one.conversation === conversation && shown.has(one.client))));
  }
}

/** Takes back what was refused. */
export function takeBack(client: string): string {
  const one = leaving.value.find((other) => other.client === client);
  write(leaving.value.filter((other) => other.client !== client));
  return one?.text ?? '';
}

const drafts = signal<Readonly<Record<number, string>>>({});
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/** What was typed and not sent: as typed here, else as turno has it from another computer. */
export function draftOf(conversation: number, kept: string | null | undefined): string {
  return drafts.value[conversation] ?? localStorage.getItem(DRAFT + conversation) ?? kept ?? '';
}

/** Keeps what is typed: here at once, at turno a second after the last stroke. */
export function typeDraft(conversation: number, text: string): void {
  drafts.value = { ...drafts.value, [conversation]: text };
  if (text === '') localStorage.removeItem(DRAFT + conversation);
  else localStorage.setItem(DRAFT + conversation, text);
  clearTimeout(timers.get(conversation));
  const say = () => void post('/api/v1/conversations/{conversation}/deeds', { do: 'draft', text }, { conversation }).catch(() => {});
  if (text === '') say();
  else timers.set(conversation, setTimeout(say, 1_000));
}
