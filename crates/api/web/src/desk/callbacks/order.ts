import type { Forms } from '../../base/http';

type Callback = Forms['CallbackForm'];

/** When it may be called first: what has no moment of its own waits since it was asked for. */
export const dueAt = (one: Callback): number => Math.max(one.due ?? one.since, one.since);

const isTaken = (one: Callback) => one.stage !== 'waits' && one.stage !== 'later';

/** The one that rings at the own phone first, then those that wait, the overdue for longest first, then those that others have. */
export function ordered(all: readonly Callback[], agent: string | null): Callback[] {
  const rank = (one: Callback) => (agent !== null && one.agent === agent ? 0 : isTaken(one) ? 2 : 1);
  return [...all].sort((a, b) => rank(a) - rank(b) || dueAt(a) - dueAt(b) || a.contact - b.contact);
}

/** How it stands by turno's clock: `later`, `overdue`, or taken up by somebody. */
export function standing(one: Callback, now: number): 'later' | 'overdue' | 'taken' {
  if (isTaken(one)) return 'taken';
  return dueAt(one) > now ? 'later' : 'overdue';
}
