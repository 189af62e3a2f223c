import { register, type Action } from '../base/keys';
import { CALLBACKS } from './callbacks/Callbacks';
import { list } from './callbacks/state';
import { c } from './callbacks/words';
import { isLeading } from './leading';
import * as orders from './orders';
import type { Phone } from './phone/phone';
import { atHand, desk, isAfterCall, isSilent, me, site } from './state';
import { d } from './words';

/** Puts the focus on the element with this id, at once: the next letter is typed there, and is no key of the desk. */
export function focusOn(id: string): void {
  document.getElementById(id)?.focus();
}

const is = (...states: string[]) => states.includes(me.value?.state ?? '');
/** Whether the agent has somebody to talk to. */
export const isTalking = () => is('talking', 'holding') && !isSilent();

/** A private word is a hold already; a phone in the page may hold it all the same. */
export const canHold = (phone: Phone) => phone.kind === 'browser' || desk.value?.consult == null;

/** All that keys do at the desk, until the returned function is called. */
export function registerKeys(phone: () => Phone, open: { settings: () => void; keys: () => void; keypad: () => void }): () => void {
  const call = () => phone().call.value;
  const keys = () => phone().keys;
  const talks = () => call() !== null && call()?.stage !== 'ringing';
  const action = (id: string, key: string, label: () => string, run: () => unknown, can: () => boolean, isEverywhere = false): Action => ({
    id: `desk.${id}`,
    key,
    label,
    run: () => void run(),
    // A tab that mirrors gives no orders; it may show its settings.
    can: () => (isLeading.value || isEverywhere) && can(),
  });
  const all = [
    action('answer', 'a', () => d.value.answer, () => (isSilent() ? orders.takeOffer() : keys().answer()),
      () => (isSilent() ? is('ringing') : call() !== null && call()?.stage !== 'talking' && phone().canAnswer.value)),
    action('hangUp', 'x', () => d.value.hangUp, () => (isSilent() ? orders.finish() : keys().hangUp()),
      () => (isSilent() ? is('talking') : call() !== null && (phone().kind === 'browser' || call()?.stage !== 'ringing'))),
    action('hold', 'h', () => d.value.hold, () => keys().hold(!call()?.isHeld), () => talks() && canHold(phone())),
    action('mute', 'm', () => d.value.mute, () => keys().mute?.(!call()?.isMuted), () => talks() && keys().mute !== null),
    action('keypad', 'k', () => d.value.keypad, open.keypad, () => talks() && keys().press !== null),
    action('ready', 'r', () => d.value.ready, orders.ready, () => is('aux', 'acw') || orders.pending.value !== null),
    action('logIn', 'i', () => d.value.logIn, orders.logIn, () => is('logged-out')),
    action('pause', 'p', () => d.value.focusPause, () => focusOn('pause'), () => me.value?.state !== 'logged-out'),
    action('extendAcw', 'l', () => d.value.extendAcw, orders.extendAcw, () => is('acw')),
    action('wrapUp', 'w', () => d.value.focusWrapUp, () => focusOn('wrap-up'), () => atHand.value !== null || isAfterCall.value),
    action('note', 'n', () => d.value.focusNote, () => focusOn('note'), () => atHand.value !== null || isAfterCall.value),
    action('transfer', 't', () => d.value.focusTransfer, () => focusOn('transfer'), () => isTalking() && desk.value?.consult == null),
    action('complete', 'c', () => d.value.complete, orders.complete, () => isTalking() && desk.value?.consult != null),
    action('three', 'j', () => d.value.three, orders.conference, () => isTalking() && desk.value?.consult != null),
    action('backToCaller', 'b', () => d.value.backToCaller, orders.backToCaller, () => isTalking() && desk.value?.consult != null),
    action('help', 'y', () => d.value.help, orders.help, isTalking),
    action('backToQueue', 'q', () => d.value.back, orders.backToQueue, () => isTalking() && desk.value?.consult == null),
    action('record', 'g', () => d.value.record, recordOrPause, () => isTalking() && (site.value?.records ?? false)),
    action('callbacks', 'd', () => c.value.focus, () => focusOn(CALLBACKS), () => list.value.length > 0),
    action('settings', 's', () => d.value.openSettings, open.settings, () => true, true),
    action('keys', '?', () => d.value.openKeys, open.keys, () => true, true),
  ];
  return register(all);
}

/** Records, pauses the recording, or lets it go on. */
export function recordOrPause(): void {
  const now = desk.value?.recording;
  if (now === 'on') orders.pauseRecording();
  else if (now === 'paused') orders.resumeRecording();
  else orders.record();
}
