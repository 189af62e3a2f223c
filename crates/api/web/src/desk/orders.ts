import { effect, signal, untracked } from '@preact/signals';
import { give, type Order } from '../base/http';
import { Problem } from '../base/problem';
import { ask } from '../base/ui/Confirm';
import { tell, toast } from '../base/ui/Toasts';
import { draftOf, typeDraft } from './drafts';
import { isLeading } from './leading';
import { atHand, desk, isAfterCall, me, refresh } from './state';
import { d } from './words';

type Do = Order['do'];

/** What was asked for and waits for the end of the contact: a break by its reason, or `null` for logging out. */
export const pending = signal<{ reason: string | null } | null>(null);

/** Whom a call is passed on to as soon as they answer. */
export const passesOn = signal<number | null>(null);

type Came = Awaited<ReturnType<typeof give>>;

/** Gives an order for the own agent; what came of it, or the word of a refusal, whose sentence has been said. */
async function asked(what: { do: Do } & Record<string, unknown>, why?: string): Promise<Came | string> {
  const agent = me.value?.extension;
  if (agent === undefined || !isLeading.value) return 'not-here';
  let came: Came | string = 'unreachable';
  const sent = give({ ...what, agent } as Order, why).then(
    (answer) => {
      came = answer;
    },
    (error: unknown) => {
      if (error instanceof Problem) came = error.reason ?? error.kind;
      throw error;
    },
  );
  await tell(sent);
  void refresh();
  return came;
}

/** The same: what came of it, or `null`. */
async function order(what: { do: Do } & Record<string, unknown>, why?: string): Promise<Came | null> {
  const came = await asked(what, why);
  return typeof came === 'string' ? null : came;
}

/** Has the phone on the table answer. The word of the refusal, if there is one. */
export async function answer(): Promise<string | null> {
  const came = await asked({ do: 'answer' });
  return typeof came === 'string' ? came : null;
}

export const hold = async () => (await order({ do: 'hold' })) !== null;
export const resume = async () => (await order({ do: 'resume' })) !== null;
export const hangUp = () => order({ do: 'hang-up' });
export const noMicrophone = () => void order({ do: 'no-microphone' });
export const microphone = () => void order({ do: 'microphone' });
export const sit = async (seat: string) => (await order({ do: 'sit', seat })) !== null;
export const leaveSeat = async () => (await order({ do: 'leave' })) !== null;

export const logIn = () => void order({ do: 'log-in' });
export const takeOffer = () => void order({ do: 'take' });
export const decline = () => void order({ do: 'decline' });
export const extendAcw = () => void order({ do: 'extend-acw' });
export const record = () => void order({ do: 'record' });
export const pauseRecording = () => void order({ do: 'pause-recording' });
export const resumeRecording = () => void order({ do: 'resume-recording' });

export async function ready(): Promise<void> {
  if (await order({ do: 'ready' })) pending.value = null;
}

export async function endAcw(): Promise<void> {
  await order({ do: 'end-acw' });
}

export async function logOut(): Promise<void> {
  const came = await order({ do: 'log-out' });
  if (came?.done === 'afterwards') later(null);
}

function later(reason: string | null): void {
  pending.value = { reason };
  toast(d.value.afterwards);
}

/** Goes on a break, or asks for a turn where agents take turns. */
export async function pause(reason: string, isInTurns: boolean): Promise<void> {
  const came = await order({ do: isInTurns ? 'ask-break' : 'aux', reason });
  if (came?.done === 'afterwards') later(reason);
  if (came?.done === 'turn-at') toast(d.value.turnAt(minuteOfDay(came.minute)));
  if (came?.done === 'now' && isInTurns) toast(d.value.goesNow);
}

/** `12:40` of a minute since midnight. */
export function minuteOfDay(minute: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

export async function help(): Promise<void> {
  if (await order({ do: 'help' })) toast(d.value.helpAsked);
}

export async function finish(): Promise<void> {
  const contact = me.value?.contact;
  if (contact != null) await order({ do: 'finish', contact });
}

export async function backToQueue(): Promise<void> {
  if (await ask(d.value.back, d.value.backSure, d.value.back, false)) await order({ do: 'return' });
}

/** Consults somebody; with `isBlind` the call is passed on as soon as they answer. */
export async function consult(whom: string, isBlind: boolean): Promise<boolean> {
  const contact = me.value?.contact ?? null;
  const came = await order({ do: 'consult', whom });
  if (came && isBlind) passesOn.value = contact;
  return came !== null;
}

export const complete = () => void order({ do: 'complete' });
export const conference = () => void order({ do: 'conference' });
export const backToCaller = () => void order({ do: 'back' });

/** Stands for the last contact where this browser does not know it: it was talked to at another computer. */
export const UNKNOWN = 0;

/** The contact that a code is for. */
function afterCallOf(): number | null {
  return atHand.value?.contact ?? (isAfterCall.value ? UNKNOWN : null);
}

/** Gives the contact at hand a wrap-up code; the note goes with it. */
export async function wrapUp(code: string): Promise<boolean> {
  const contact = afterCallOf();
  if (contact === null) return false;
  const note = draftOf(contact).note.trim();
  const came = await order({ do: 'wrap-up', code }, note === '' ? undefined : note);
  if (came) typeDraft(contact, { given: code, typed: '' });
  return came !== null;
}

/** Whether who is to get the call was seen ringing: when they ring no more and have not answered, nothing is passed on. */
let hasRung = false;

/** What follows by itself, until the returned function is called. */
export function followOrders(): () => void {
  const ends = [
    effect(() => {
      // What was given for one unknown contact is not the next one's.
      if (!isAfterCall.value) untracked(() => typeDraft(UNKNOWN, { note: '', typed: '', given: null }));
    }),
    effect(() => {
      const state = me.value?.state;
      if (state === undefined || ['available', 'aux', 'logged-out'].includes(state)) pending.value = null;
    }),
    effect(() => {
      const told = desk.value;
      const wanted = passesOn.peek();
      if (told === null || wanted === null) return;
      const stage = told.contact?.contact === wanted ? told.consult?.stage : undefined;
      if (stage === 'ringing') {
        hasRung = true;
      } else if (stage !== undefined || hasRung || told.contact?.contact !== wanted) {
        passesOn.value = null;
        hasRung = false;
        if (stage === 'private') complete();
      }
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
