import { signal } from '@preact/signals';

/** What was typed about a contact. It is kept in the browser until it is sent, so neither a reload nor a kill loses a word. */
export interface Draft {
  note: string;
  /** What was typed in the field of the wrap-up code. */
  typed: string;
  /** The code that turno has. */
  given: string | null;
  /** Milliseconds since 1970. */
  at: number;
}

const PREFIX = 'turno.draft.';
/** Drafts of yesterday's contacts go. */
const KEPT_SPAN = 24 * 3_600_000;
const EMPTY: Draft = { note: '', typed: '', given: null, at: 0 };

const drafts = signal<Record<string, Draft>>(read());

function read(): Record<string, Draft> {
  const all: Record<string, Draft> = {};
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith(PREFIX))) {
    try {
      const draft = { ...EMPTY, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Draft>) };
      if (Date.now() - draft.at < KEPT_SPAN) all[key.slice(PREFIX.length)] = draft;
      else localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
  }
  return all;
}

// Another tab has typed.
addEventListener('storage', (event) => {
  if (event.key === null || event.key.startsWith(PREFIX)) drafts.value = read();
});

export function draftOf(contact: number): Draft {
  return drafts.value[String(contact)] ?? EMPTY;
}

export function typeDraft(contact: number, part: Partial<Draft>): void {
  const draft = { ...draftOf(contact), ...part, at: Date.now() };
  localStorage.setItem(PREFIX + String(contact), JSON.stringify(draft));
  drafts.value = { ...drafts.value, [contact]: draft };
}
