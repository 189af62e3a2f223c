import { get, headers, post, type Forms } from '../../base/http';
import { problemOf } from '../../base/problem';
import { tell, toast } from '../../base/ui/Toasts';
import { signal } from '@preact/signals';
import { c } from './words';

type Handling = Forms['Handling'];

/** A procedure that a search has found. */
export interface Procedure {
  id: string;
  name: string;
}

const send = (conversation: number, deed: Handling) =>
  post('/api/v1/conversations/{conversation}/deeds', deed, { conversation });

/** Says what an agent does, and what went wrong. */
export const does = (conversation: number, deed: Handling, done?: string) => tell(send(conversation, deed), done);

/** What nobody waits for: a fault of it is said to nobody. */
export const notes = (conversation: number, deed: Handling) => void send(conversation, deed).catch(() => {});

export async function search(question: string): Promise<Procedure[]> {
  if (question.trim() === '') return [];
  const found = (await get('/api/v1/procedures', { q: question, most: 6 })) as { procedures?: Procedure[] };
  return found.procedures ?? [];
}

/** The procedure that was sent to the caller last, or found for the caller: the key sends it at once. */
export const forCaller = signal<Procedure | null>(null);

/** Sends a procedure's card to who is on the telephone. */
export async function sendToCaller(procedure: Procedure): Promise<void> {
  await tell(post('/api/v1/desk/card', { client: crypto.randomUUID(), card: procedure.id }), c.value.cardSent(procedure.name));
}

export async function sendFile(conversation: number, file: File): Promise<void> {
  const about = new URLSearchParams({ client: crypto.randomUUID(), name: file.name });
  const work = async () => {
    const answer = await fetch(`/api/v1/conversations/${conversation}/files?${about}`, {
      method: 'POST',
      headers: headers({ 'content-type': 'application/octet-stream' }),
      body: file,
    });
    if (!answer.ok) throw await problemOf(answer);
  };
  await tell(work());
}

/** The content of a file as an address of this page. */
export async function fileOf(conversation: number, file: string): Promise<string | null> {
  const answer = await fetch(`/api/v1/conversations/${conversation}/files/${file}`, { headers: headers() });
  if (answer.ok) return URL.createObjectURL(await answer.blob());
  toast(String((await problemOf(answer)).message), true);
  return null;
}

/** Lets the browser save something. */
export function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
