import type { Forms } from '../base/http';
import type { Live } from '../base/live';

type Agent = Forms['AgentForm'];
type Queue = Forms['QueueForm'];
type Contact = Forms['ContactForm'];

/** After-call work of more seconds than this is looked at. */
const ACW_LONG = 180;
/** A break without turns of more seconds than this is looked at. */
const BREAK_LONG = 30 * 60;

/** What a supervisor should look at; `none`: all is as it should be. */
export type Need = 'overstay' | 'rona' | 'phone' | 'past' | 'acw' | 'break' | 'near' | 'none';
const ORDER: Need[] = ['overstay', 'rona', 'phone', 'past', 'acw', 'break', 'near', 'none'];
const STATES = ['available', 'ringing', 'talking', 'holding', 'acw', 'other-call', 'aux', 'logged-out'];

export interface Tile {
  agent: Agent;
  need: Need;
}

/** What is wrong with an agent now, if anything is. */
export function needOf(agent: Agent, contacts: Map<number, Contact>, now: number): Need {
  const seconds = (now - agent.since) / 1e6;
  const contact = agent.contact == null ? undefined : contacts.get(agent.contact);
  switch (agent.state) {
    case 'aux':
      if (agent.due_at != null && now > agent.due_at) return 'overstay';
      if (agent.reason === 'rona') return 'rona';
      if (agent.reason === 'unreachable' || agent.reason === 'incompatible') return 'phone';
      return agent.due_at == null && seconds > BREAK_LONG ? 'break' : 'none';
    case 'acw':
      return seconds > ACW_LONG ? 'acw' : 'none';
    case 'talking':
    case 'holding':
      return contact?.breached ? 'past' : contact?.warned ? 'near' : 'none';
    default:
      return 'none';
  }
}

/** Agents who are logged in, those who need eyes first, and among equals those who have been so for longer. */
export function tiles(live: Live): Tile[] {
  const contacts = new Map(live.contacts.map((contact) => [contact.contact, contact]));
  const there = live.room.agents.filter((agent) => agent.state !== 'logged-out');
  const all = there.map((agent) => ({ agent, need: needOf(agent, contacts, live.at) }));
  const by = (tile: Tile) => ORDER.indexOf(tile.need) * 10 + STATES.indexOf(tile.agent.state);
  return all.sort((a, b) => by(a) - by(b) || a.agent.since - b.agent.since || (a.agent.extension < b.agent.extension ? -1 : 1));
}

/** The queue whose first contact waits longest. */
export function longest(queues: Queue[]): Queue | null {
  const waiting = queues.filter((queue) => queue.waiting_since != null);
  return waiting.reduce<Queue | null>(
    (first, queue) => (first === null || (queue.waiting_since ?? 0) < (first.waiting_since ?? 0) ? queue : first),
    null,
  );
}

export interface Sums {
  waiting: number;
  free: number;
  staffed: number;
  inProgress: number;
  past: number;
  levelToday: number | null;
  levelRecent: number | null;
  lostRecent: number;
  toCall: number;
  callbacks: number;
  phonesOut: number;
}

const share = (part: number, whole: number) => (whole > 0 ? part / whole : null);
const sum = (queues: Queue[], of: (queue: Queue) => number) => queues.reduce((all, queue) => all + of(queue), 0);

/** The figures over all queues that are seen. */
export function sums(live: Live): Sums {
  const { queues, agents } = live.room;
  return {
    waiting: sum(queues, (queue) => queue.waiting),
    free: agents.filter((agent) => agent.state === 'available').length,
    staffed: agents.filter((agent) => agent.state !== 'logged-out').length,
    inProgress: sum(queues, (queue) => queue.in_progress),
    past: live.contacts.filter((contact) => contact.breached && (contact.stage === 'talking' || contact.stage === 'holding')).length,
    levelToday: share(sum(queues, (queue) => queue.answered_in_target), sum(queues, (queue) => queue.offered)),
    levelRecent: share(sum(queues, (queue) => queue.recent.answered_in_target), sum(queues, (queue) => queue.recent.offered)),
    lostRecent: sum(queues, (queue) => queue.recent.abandoned),
    toCall: live.lost.length,
    callbacks: live.contacts.filter((contact) => contact.put_off || contact.channel === 'callback').length,
    phonesOut: agents.filter((agent) => agent.state === 'aux' && agent.reason === 'unreachable').length,
  };
}

/** Queues in the order of the plan; where there are more than fit, those in which somebody waits come first. */
export function shown(queues: Queue[], most: number): { queues: Queue[]; more: number; waiting: number } {
  if (queues.length <= most) return { queues, more: 0, waiting: 0 };
  const first = [...queues].sort((a, b) => b.waiting - a.waiting || b.entered - a.entered).slice(0, most - 1);
  const rest = queues.filter((queue) => !first.includes(queue));
  return { queues: queues.filter((queue) => first.includes(queue)), more: rest.length, waiting: sum(rest, (queue) => queue.waiting) };
}

/**
 * Names as they stand on a screen: where one is longer than fits, the words with which all of them begin are left out, since what tells
 * them apart would be cut off.
 */
export function distinct(names: string[], fits: number): string[] {
  if (names.length < 2 || names.every((name) => name.length <= fits)) return names;
  const words = names.map((name) => name.split(' '));
  const least = Math.min(...words.map((all) => all.length)) - 1;
  let same = 0;
  while (same < least && words.every((all) => all[same] === words[0]?.[same])) same++;
  return words.map((all) => all.slice(same).join(' '));
}

/** How a share of those answered in time is judged: four of five are the aim. */
export function judge(level: number | null): 'good' | 'warn' | 'bad' | '' {
  if (level === null) return '';
  return level >= 0.8 ? 'good' : level >= 0.6 ? 'warn' : 'bad';
}

/** Within so many seconds before its wait target somebody is looked at. */
const DUE_SOON = 30;

/** How it stands with who is due next, by the seconds that are left: past for long or just now, soon, or well. */
export function dueTone(left: number | null): 'bad' | 'warn' | '' {
  if (left === null || left > DUE_SOON) return '';
  return left < 0 ? 'bad' : 'warn';
}

/** How many columns of tiles fit so many agents on one screen. */
export function columns(tiles: number): number {
  return tiles <= 20 ? 5 : tiles <= 36 ? 6 : 8;
}

export const percent = (level: number | null | undefined) => (level == null ? '–' : `${Math.round(level * 100)}%`);
