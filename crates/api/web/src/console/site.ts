import { signal } from '@preact/signals';
import { get, signed, type Forms } from '../base/http';

/** The names of the plan; `null` until they are there. */
export const site = signal<Forms['SiteForm'] | null>(null);

/** Reads the names of the plan, at first and after a reload of it. */
export async function readSite(): Promise<void> {
  site.value = await get('/api/v1/site');
}

export const queueName = (name: string | null | undefined) =>
  name == null ? '' : (site.value?.queues.find((queue) => queue.name === name)?.display ?? name);
export const agentName = (extension: string | null | undefined) =>
  extension == null ? '' : (site.value?.agents.find((agent) => agent.extension === extension)?.display ?? extension);

const KEPT = 'turno.extension';
/** The extension of the phone with which this supervisor listens: that of the user, or one that was chosen here. */
export const ownExtension = signal(localStorage.getItem(KEPT) ?? '');

export function extension(): string {
  return signed.value?.agent ?? ownExtension.value;
}

export function chooseExtension(chosen: string): void {
  ownExtension.value = chosen;
  localStorage.setItem(KEPT, chosen);
}

/** Whether this user runs the site. */
export const isOperator = () => signed.value?.role === 'operator';
