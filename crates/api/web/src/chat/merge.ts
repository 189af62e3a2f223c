import type { components } from '../base/schema';

export type Message = components['schemas']['MessageForm'];
export type Chat = components['schemas']['ChatForm'];
export type Update = components['schemas']['Update'];

/** The log with what has come: each message once, in the order of turno's numbers. */
export function merge(log: readonly Message[], news: readonly Message[]): Message[] {
  const last = log.at(-1)?.id ?? 0;
  if (news.every((one, at) => one.id > (at === 0 ? last : (news[at - 1]?.id ?? 0)))) return [...log, ...news];
  const all = new Map([...log, ...news].map((one) => [one.id, one]));
  return [...all.values()].sort((a, b) => a.id - b.id);
}

/** The choices that are open: those of the last message, if it asks. */
export function openChoices(log: readonly Message[]) {
  const body = log.at(-1)?.body;
  return body?.kind === 'choices' || body?.kind === 'card' ? body.choices : [];
}

/** Words cut into text and addresses of pages, so that an address can be followed. */
export function pieces(text: string): { text: string; isLink: boolean }[] {
  const found: { text: string; isLink: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(/https:\/\/[a-z0-9.-]+(?::\d+)?(?:\/[^\s<>"'()]*)?/gi)) {
    const link = match[0].replace(/[.,;:!?]+$/, '');
    if (match.index > at) found.push({ text: text.slice(at, match.index), isLink: false });
    found.push({ text: link, isLink: true });
    at = match.index + link.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), isLink: false });
  return found;
}
