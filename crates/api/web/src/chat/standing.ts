import type { words } from './words';

/** The place in line and the wait that is told; of a place without a wait it says that nobody knows. */
export function standing(place: number | null | undefined, wait: number | null | undefined, t: (typeof words)['es']): string {
  if (place == null) return t.waiting;
  return `${t.place(place)} ${wait == null ? t.noWait : t.wait(Math.max(1, Math.ceil(wait / 60)))}`;
}
