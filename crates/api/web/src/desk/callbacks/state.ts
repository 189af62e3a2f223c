import { computed, effect, signal } from '@preact/signals';
import { get, signed, type Forms } from '../../base/http';
import { line, live } from '../../base/live';
import { me, site } from '../state';
import { ordered } from './order';

export type Callback = Forms['CallbackForm'];

/** Callbacks of the agent's queues, as turno told them last; `null`: not known yet. */
export const all = signal<readonly Callback[] | null>(null);

/** The own one first, then by when they are due. */
export const list = computed(() => ordered(all.value ?? [], signed.value?.agent ?? null));

/** Whether the agent serves a queue that calls people back. */
export const isShown = computed(() => {
  const own = site.value?.agents.find((agent) => agent.extension === me.value?.extension);
  const calls = (site.value?.queues ?? []).some((queue) => queue.calls_back && own?.queues.includes(queue.name));
  return calls || list.value.length > 0;
});

/** How often turno is asked while nothing is heard, in milliseconds. */
const ASKED_SPAN = 10_000;

/** Asks turno for them. */
export async function refreshCallbacks(): Promise<void> {
  try {
    all.value = await get('/api/v1/callbacks');
  } catch {
    // The banner says that the connection is lost; the next time asks again.
  }
}

/** Follows them until the returned function is called. */
export function followCallbacks(): () => void {
  let asked = 0;
  let before = '';
  const end = effect(() => {
    const [told, state] = [live.value, line.value.state];
    if (told === null || state !== 'live') return;
    const put = told.room.queues.map((queue) => `${queue.waiting} ${queue.put_off}`).join();
    const key = `${me.value?.state ?? ''} ${me.value?.contact ?? ''} ${put}`;
    if (key === before && Date.now() - asked < ASKED_SPAN) return;
    [before, asked] = [key, Date.now()];
    void refreshCallbacks();
  });
  return end;
}
