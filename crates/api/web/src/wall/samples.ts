/** Rooms for tests. */
import type { Forms } from '../base/http';
import type { Live } from '../base/live';

export const NOW = 1_800_000_000_000_000;
export const minutes = (n: number) => NOW - n * 60e6;

export function agent(extension: string, more: Partial<Forms['AgentForm']> = {}): Forms['AgentForm'] {
  const times = { available: 0, ringing: 0, talking: 0, holding: 0, acw: 0, aux: 0, other_call: 0 };
  const base = { display: `Puesto ${extension}`, state: 'available', reason: null, since: NOW, contact: null, turn_at: null };
  return { extension, ...base, phones: 1, answered: 0, missed: 0, breached: 0, handling: null, due_at: null, overstays: 0, times, ...more };
}

export function queue(name: string, more: Partial<Forms['QueueForm']> = {}): Forms['QueueForm'] {
  const recent = { offered: 0, answered: 0, answered_in_target: 0, abandoned: 0, service_level: null };
  const counts = { entered: 0, offered: 0, answered: 0, answered_in_target: 0, abandoned: 0, abandoned_short: 0 };
  const now = { waiting: 0, waiting_since: null, in_progress: 0, available: 0, staffed: 0, put_off: 0, state: 'open' };
  return { name, display: name, ...now, ...counts, service_level: null, asa: null, aht: null, within_target: null, wait_target: 20, recent, ...more };
}

export function contact(number: number, more: Partial<Forms['ContactForm']> = {}): Forms['ContactForm'] {
  const base = { channel: 'voice', from: '*67', arrived: NOW, queue: 'luae', stage: 'talking', agent: null, waited: 0, handling: 0 };
  return { contact: number, ...base, warned: false, breached: false, priority: 0, put_off: false, ...more };
}

export function channel(name: string, more: Partial<Forms['ChannelForm']> = {}): Forms['ChannelForm'] {
  return { channel: name, waiting: 0, waiting_since: null, due: null, in_progress: 0, ...more };
}

export function room(more: { agents?: Forms['AgentForm'][]; queues?: Forms['QueueForm'][]; contacts?: Forms['ContactForm'][] }): Live {
  const { agents = [], queues = [], contacts = [] } = more;
  return { at: NOW, pages: '', room: { site: 'Quito', agents, queues, channels: [channel('voice')] }, contacts, open: contacts.length, lost: [], trunks_down: [] };
}
