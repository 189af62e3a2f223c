import { computed, effect, signal } from '@preact/signals';
import { get, signed, type Forms } from '../../base/http';
import { isLeading } from '../leading';
import { isSilent, me } from '../state';
import { becomeAnother, BrowserPhone, trouble } from './browser_phone';
import { chosen } from './devices';
import { deskPhone, followDeskPhone } from './desk_phone';
import type { Phone, PhoneState } from './phone';

const KEPT = 'turno.phone';
/** An offer rings here within this, if it does. */
const ELSEWHERE_SPAN = 1_500;

/** A desk phone is there when it is registered. */
const registered = computed((): PhoneState => {
  const own = me.value;
  if (own === null) return 'connecting';
  return own.phones > 0 && own.reason !== 'unreachable' ? 'ready' : 'away';
});
const onTheDesk = deskPhone(registered);

/** The agent's phone: on the table, or in this page. */
export const phone = signal<Phone>(onTheDesk);

/** How the page would register; `null`: there are no browser phones here. */
export const browserForm = signal<Forms['PhoneForm'] | null>(null);

/** Whose phone it is: another person may sign in here. */
let usedBy: string | null | undefined;

/** Which phone this browser uses. */
export const wanted = signal<'desk' | 'browser'>(localStorage.getItem(KEPT) === 'browser' ? 'browser' : 'desk');

export function choosePhone(kind: 'desk' | 'browser'): void {
  localStorage.setItem(KEPT, kind);
  wanted.value = kind;
}

/** Uses the phone in this page although another desk of this agent has one. */
export function useHere(): void {
  becomeAnother();
  end();
  begin();
}

function begin(): void {
  const form = browserForm.peek();
  if (form === null) return;
  const made = new BrowserPhone(form);
  phone.value = made;
  void made.start();
}

function end(): void {
  const used = phone.peek();
  if (used instanceof BrowserPhone) used.stop();
  phone.value = onTheDesk;
  trouble.value = null;
}

/** Lets the phone in the page go, with its call. */
export function leavePhone(): void {
  end();
}

/** Uses the chosen phone while this tab leads; until the returned function is called. */
export function followPhone(): () => void {
  if (signed.peek()?.agent !== usedBy) end();
  usedBy = signed.peek()?.agent;
  const kept = phone.peek();
  if (kept instanceof BrowserPhone) kept.signInAgain();
  void get('/api/v1/desk/phone').then(
    (form) => {
      browserForm.value = form;
    },
    () => {
      browserForm.value = null;
    },
  );
  const ends = [
    followDeskPhone(),
    effect(() => {
      const isHere = isLeading.value && wanted.value === 'browser' && browserForm.value !== null;
      const isUsed = phone.peek() instanceof BrowserPhone;
      if (isHere && !isUsed) begin();
      if (!isHere && isUsed) end();
    }),
    effect(() => {
      // It rings, and not here: turno is asked, once it would ring here too.
      const isElsewhere = me.value?.state === 'ringing' && !isSilent() && phone.value.call.value === null;
      const used = phone.peek();
      if (!isElsewhere || !(used instanceof BrowserPhone) || trouble.peek() !== null) return undefined;
      const timer = setTimeout(() => used.askForTheSeat(), ELSEWHERE_SPAN);
      return () => clearTimeout(timer);
    }),
    effect(() => {
      void chosen.value.microphone;
      const used = phone.peek();
      if (used instanceof BrowserPhone && used.state.peek() === 'ready') void used.takeMicrophone();
    }),
    effect(() => {
      void chosen.value.speaker;
      const used = phone.peek();
      if (used instanceof BrowserPhone) void used.useSpeaker();
    }),
  ];
  return () => {
    for (const stop of ends) stop();
    // A session that ends takes nobody's call away: who signs in again finds it.
    const isCut = signed.peek() === null && phone.peek().call.peek() !== null;
    if (!isCut) end();
  };
}
