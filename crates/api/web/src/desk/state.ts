import { computed, effect, signal } from '@preact/signals';
import { secondsSince } from '../base/clock';
import { get, signed, type Forms } from '../base/http';
import { line, live } from '../base/live';
import { language } from '../base/words';

/** The reason of AUX while the microphone is gone. */
export const MICROPHONE = 'microphone';

export type Desk = Forms['DeskForm'];
export type Site = Forms['SiteForm'];
export type Own = Forms['OwnContact'];
export type Earlier = Forms['EarlierForm'];

/** A sentence of a contact's story. */
export interface Said {
  text: string;
  kind: string;
}

/** The names of the plan. */
export const site = signal<Site | null>(null);
/** The own desk as turno told it last. */
export const desk = signal<Desk | null>(null);
/** Earlier contacts of the citizen, and why the contact came; each of one contact. */
export const earlier = signal<{ of: number; told: Earlier } | null>(null);
export const why = signal<{ of: number; sentences: Said[] } | null>(null);

/** The own row of the live room. */
export const me = computed(
  () => live.value?.room.agents.find((agent) => agent.extension === signed.value?.agent) ?? null,
);

const LAST = 'turno.desk.last';
interface Last {
  agent: string;
  contact: Own;
}
/** The last contact: after-call work is about it when turno no longer has it open. */
const last = signal<Last | null>(readLast());

function readLast(): Last | null {
  try {
    return JSON.parse(localStorage.getItem(LAST) ?? 'null') as Last | null;
  } catch {
    return null;
  }
}

/** Whether the last contact was the agent's when the microphone went away: after-call work goes on underneath. */
const wasAtHand = signal(false);

/** Whether the agent is in after-call work, also without a microphone. */
export const isAfterCall = computed(() => {
  const own = me.value;
  return own?.state === 'acw' || (own?.state === 'aux' && own.reason === MICROPHONE && wasAtHand.value);
});

/** The contact at hand: present, or of the after-call work. */
export const atHand = computed((): Own | null => {
  const own = me.value;
  if (own === null) return null;
  if (own.contact != null) {
    if (desk.value?.contact?.contact === own.contact) return desk.value.contact;
    const open = live.value?.contacts.find((contact) => contact.contact === own.contact);
    return open ? { ...open, number: open.from, queue: open.queue ?? null, warned: false } : null;
  }
  return isAfterCall.value && last.value?.agent === own.extension ? last.value.contact : null;
});

/** Contacts without a call: they are taken and finished on the page. */
const SILENT = ['chat', 'whatsapp', 'email'];
export const isSilent = () => SILENT.includes(atHand.value?.channel ?? '');

/** Talk and hold of the present contact until now, in seconds; it goes on between two answers of turno. */
export const handling = computed((): number | null => {
  const told = live.value;
  const open = told?.contacts.find((contact) => contact.contact === me.value?.contact);
  if (!told || open?.handling == null) return null;
  return open.handling + secondsSince(told.at);
});

/** The wait of the contact that rings, until now. */
export const waited = computed((): number | null => {
  const [told, contact] = [live.value, atHand.value];
  if (!told || !contact) return null;
  const open = told.contacts.find((one) => one.contact === contact.contact);
  if (!open) return contact.waited;
  return open.stage === 'ringing' ? open.waited + secondsSince(told.at) : open.waited;
});

export function queueOf(name: string | null | undefined) {
  return site.value?.queues.find((queue) => queue.name === name);
}

/** States in which what is at hand changes by the second. */
const ENGAGED = ['ringing', 'talking', 'holding', 'acw', 'other-call'];
const ENGAGED_SPAN = 1_000;
const IDLE_SPAN = 15_000;
const SITE_SPAN = 300_000;

let asked = 0;
let isAsking = false;
/** Something changed while turno was being asked: what comes may be from before. */
let askAgain = false;

/** Asks turno for the own desk now. */
export async function refresh(): Promise<void> {
  if (isAsking) {
    askAgain = true;
    return;
  }
  isAsking = true;
  asked = Date.now();
  try {
    const told = await get('/api/v1/desk');
    desk.value = told;
    if (told.contact) {
      last.value = { agent: told.agent, contact: told.contact };
      localStorage.setItem(LAST, JSON.stringify(last.value));
    }
  } catch {
    // The banner says that the connection is lost; the next change asks again.
  }
  isAsking = false;
  if (!askAgain) return;
  askAgain = false;
  void refresh();
}

async function loadSite(): Promise<void> {
  try {
    site.value = await get('/api/v1/site');
  } catch {
    setTimeout(() => void loadSite(), 2_000);
  }
}

/** Asks for what belongs to a contact, once each. Facts may be a moment behind, so a story that is not there yet is asked for again. */
async function learn(contact: number, tries = 3): Promise<void> {
  if (earlier.peek()?.of !== contact) {
    try {
      const told = await get('/api/v1/desk/earlier');
      if (me.value?.contact === contact) earlier.value = { of: contact, told };
    } catch {
      // Shown as not known.
    }
  }
  try {
    const told = (await get('/api/v1/contacts/{contact}/why', undefined, { contact })) as {
      sentences?: Said[];
    };
    // How it ends is not known yet.
    const said = (told.sentences ?? []).filter((one) => one.kind !== 'unknown' && one.kind !== 'ended');
    why.value = { of: contact, sentences: said };
  } catch {
    if (tries > 0 && me.value?.contact === contact) setTimeout(() => void learn(contact, tries - 1), 1_500);
  }
}

/** Follows the desk until the returned function is called. */
export function followDesk(): () => void {
  void loadSite();
  const again = setInterval(() => void loadSite(), SITE_SPAN);
  let before = '';
  const ends = [
    effect(() => {
      const own = me.value;
      if (live.value === null || own === null) return;
      const key = `${own.state} ${own.contact ?? ''} ${own.reason ?? ''}`;
      const span = ENGAGED.includes(own.state) ? ENGAGED_SPAN : IDLE_SPAN;
      if (key !== before || Date.now() - asked >= span) {
        before = key;
        void refresh();
      }
    }),
    effect(() => {
      const own = me.value;
      if (own && !(own.state === 'aux' && own.reason === MICROPHONE)) {
        wasAtHand.value = ['talking', 'holding', 'acw'].includes(own.state);
      }
    }),
    effect(() => {
      const contact = me.value?.contact ?? null;
      void language.value;
      if (contact !== null) void learn(contact);
    }),
    effect(() => {
      // A turno that has come back may have another plan.
      if (line.value.state === 'live') void loadSite();
    }),
  ];
  return () => {
    clearInterval(again);
    for (const end of ends) end();
  };
}

