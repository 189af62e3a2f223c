import { signal } from '@preact/signals';

/** Whether this tab leads: it alone gives orders and has the phone; other tabs of the same browser mirror it. */
export const isLeading = signal(false);

const NAME = 'turno.desk';

/** Waits until no other tab leads, and leads then. */
export function lead(): void {
  request({});
}

/** Leads at once; the tab that led before mirrors from now on. */
export function takeTheLead(): void {
  request({ steal: true });
}

function request(options: LockOptions): void {
  if (!('locks' in navigator)) {
    isLeading.value = true;
    return;
  }
  const held = navigator.locks.request(NAME, options, () => {
    isLeading.value = true;
    return new Promise<never>(() => {});
  });
  // It was taken by another tab; this one waits for its turn again.
  held.catch(() => {
    isLeading.value = false;
    request({});
  });
}
