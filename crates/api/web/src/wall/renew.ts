import { effect } from '@preact/signals';
import { isOldPage, live } from '../base/live';

/** A new version waits for a quiet moment, but no longer than this. */
const WAIT_MAX = 10 * 60_000;

/** Loads the page again when turno serves a newer one: as soon as nobody waits in line, at the latest after ten minutes. */
export function renew(): () => void {
  let since: number | null = null;
  return effect(() => {
    if (!isOldPage.value || live.value === null) {
      since = null;
      return;
    }
    since ??= Date.now();
    const isQuiet = live.value.room.queues.every((queue) => queue.waiting === 0);
    if (isQuiet || Date.now() - since > WAIT_MAX) location.reload();
  });
}
