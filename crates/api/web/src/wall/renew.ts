import { effect } from '@preact/signals';
import { isOldPage, live } from '../base/live';

/** A new version waits for a quiet moment, but no longer than this. */
const WAIT_MAX = 10 * 60_000;

/** The version for which this screen was loaded again. */
const TRIED = 'turno.renewed';

/**
 * Loads the page again when turno serves a newer one: as soon as nobody waits in line, at the latest after ten minutes. If it is
 * still an old one then, as behind a cache that holds on to it, it is tried every ten minutes and no sooner.
 */
export function renew(): () => void {
  let since: number | null = null;
  return effect(() => {
    if (!isOldPage.value || live.value === null) {
      since = null;
      return;
    }
    since ??= Date.now();
    const isQuiet = live.value.room.queues.every((queue) => queue.waiting === 0);
    const isTried = sessionStorage.getItem(TRIED) === live.value.pages;
    if ((!isQuiet || isTried) && Date.now() - since <= WAIT_MAX) return;
    sessionStorage.setItem(TRIED, live.value.pages);
    location.reload();
  });
}
