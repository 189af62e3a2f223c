/** The ladder of a trace: where each column, arrow and note stands. */

interface Message {
  at: number;
  column: number;
  inward: boolean;
  title: string;
  cseq: string;
  detail: string;
  again: boolean;
  text: string;
}

interface Note {
  at: number;
  tone: 'plain' | 'decision' | 'good' | 'bad' | 'figures';
  text: string;
  reasons: string[];
}

interface Column {
  kind: 'caller' | 'turno' | 'agent' | 'outside';
  name: string;
  address: string;
}

export type Step =
  | { kind: 'message'; millis: number; from: number; to: number; title: string; detail: string; again: boolean; text: string; y: number }
  | { kind: 'note'; millis: number; tone: Note['tone']; text: string; reasons: string[]; y: number };

export interface Picture {
  columns: Column[];
  steps: Step[];
  height: number;
  /** Whether there was more than is drawn. */
  isCut: boolean;
  missing: string | null;
}

/** The height of a row. */
export const ROW = 26;
/** Most rows that are drawn: a picture of more helps nobody. */
export const STEPS_MAX = 400;

/** The picture of the entries that turno told. */
export function picture(entries: readonly unknown[]): Picture {
  const columns: Column[] = [];
  const steps: Step[] = [];
  let began = 0;
  let missing: string | null = null;
  let isCut = false;
  for (const entry of entries as Record<string, unknown>[]) {
    const { head, column, message, note, end } = entry;
    if (head) began = (head as { began: number }).began;
    if (column) columns.push(column as Column);
    if (end) missing = (end as { missing: string | null }).missing;
    if (!message && !note) continue;
    if (steps.length >= STEPS_MAX) {
      isCut = true;
      continue;
    }
    const y = (steps.length + 1) * ROW;
    if (message) {
      const it = message as Message;
      const own = Math.max(0, columns.findIndex((one) => one.kind === 'turno'));
      const [from, to] = it.inward ? [it.column, own] : [own, it.column];
      const { title, detail, again, text } = it;
      steps.push({ kind: 'message', millis: (it.at - began) / 1000, from, to, title, detail, again, text, y });
    } else {
      const it = note as Note;
      steps.push({ kind: 'note', millis: (it.at - began) / 1000, tone: it.tone, text: it.text, reasons: it.reasons ?? [], y });
    }
  }
  return { columns, steps, height: (steps.length + 2) * ROW, isCut, missing };
}
