import { signal } from '@preact/signals';

/** A key with its modifiers as it is kept and shown: `Alt+a`, `F2`. */
export type Chord = string;

/** Something that a key does. */
export interface Action {
  id: string;
  /** What it does, in words. */
  label: () => string;
  /** The key where nobody chose another one. */
  key: Chord;
  run: () => void;
  /** Whether it is possible now; without it always. */
  can?: () => boolean;
}

const KEPT = 'turno.keys';
const chosen = signal<Record<string, Chord>>(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Record<string, Chord>);
const actions = signal<Action[]>([]);

export const allActions = actions;

/** Makes these actions known until the returned function is called. */
export function register(some: Action[]): () => void {
  actions.value = [...actions.value.filter((one) => !some.some((other) => other.id === one.id)), ...some];
  return () => {
    actions.value = actions.value.filter((one) => !some.includes(one));
  };
}

export function keyOf(action: Pick<Action, 'id' | 'key'>): Chord {
  return chosen.value[action.id] ?? action.key;
}

/** Another key for an action; `null`: as it was at first. The action that has this key already is returned, and nothing is changed. */
export function remap(id: string, key: Chord | null): Action | null {
  const other = key === null ? undefined : actions.value.find((one) => one.id !== id && keyOf(one) === key);
  if (other) return other;
  const { [id]: _, ...rest } = chosen.value;
  chosen.value = key === null ? rest : { ...rest, [id]: key };
  localStorage.setItem(KEPT, JSON.stringify(chosen.value));
  return null;
}

export function chordOf(event: KeyboardEvent): Chord {
  const name = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const held = [event.ctrlKey && 'Ctrl', event.altKey && 'Alt', event.metaKey && 'Meta', event.shiftKey && name.length > 1 && 'Shift'];
  return [...held.filter(Boolean), name].join('+');
}

/** Whether somebody is typing there: then single letters are letters (WCAG 2.1.4). */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select'))
  );
}

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.repeat || event.isComposing || document.querySelector('dialog[open]')) return;
  const chord = chordOf(event);
  const isPlain = chord.replace(/^Shift\+/, '').length === 1 || chord === 'Space' || chord === 'Enter';
  if (isTyping(event.target) && (isPlain || !/^(Ctrl|Alt|Meta)\+|^F\d+$/.test(chord))) return;
  if ((chord === 'Space' || chord === 'Enter') && event.target instanceof Element && event.target.closest('button, a, summary')) return;
  const action = actions.value.find((one) => keyOf(one) === chord && (one.can?.() ?? true));
  if (!action) return;
  event.preventDefault();
  action.run();
});
