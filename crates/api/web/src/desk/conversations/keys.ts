import { effect } from '@preact/signals';
import { register, type Action } from '../../base/keys';
import { focusOn, isTalking } from '../actions';
import { isLeading } from '../leading';
import * as orders from '../orders';
import { atHand } from '../state';
import { forCaller, sendToCaller } from './deeds';
import { flush } from './sending';
import { all, followConversations, offered, open, own, show, step } from './state';
import { c } from './words';

/** Keys of the conversations. Those with Alt work while one types, too; the others do not. */
function registerKeys(): () => void {
  const action = (id: string, key: string, label: () => string, run: () => unknown, can: () => boolean): Action => ({
    id: `desk.written.${id}`,
    key,
    label,
    run: () => void run(),
    can: () => isLeading.value && all.value !== null && can(),
  });
  const isOpen = () => open.value !== null;
  return register([
    action('take', 'Alt+a', () => c.value.takeOffer, orders.takeOffer, () => offered.value.length > 0),
    action('next', 'Alt+ArrowDown', () => c.value.next, () => step(1), isOpen),
    action('previous', 'Alt+ArrowUp', () => c.value.previous, () => step(-1), isOpen),
    ...Array.from({ length: 9 }, (_, place) =>
      action(`nth${place + 1}`, `Alt+${place + 1}`, () => c.value.nth(place + 1), () => show(own.value[place]?.conversation ?? 0), () => own.value.length > place),
    ),
    action('answer', 'e', () => c.value.focusAnswer, () => focusOn('written-answer'), isOpen),
    action('procedure', 'Alt+p', () => c.value.focusProcedure, () => focusOn('written-procedure'), isOpen),
    action('finish', 'Alt+f', () => c.value.focusFinish, () => focusOn('written-finish'), isOpen),
    action('transfer', 'Alt+t', () => c.value.focusTransfer, () => focusOn('written-transfer'), isOpen),
    action('park', 'Alt+k', () => c.value.focusPark, () => focusOn('written-park'), isOpen),
    // The first time for somebody the procedure is chosen; then the key alone sends it.
    action('toCaller', 'v', () => c.value.sendToCaller, () => (forCaller.value ? sendToCaller(forCaller.value) : focusOn('to-caller')),
      () => isTalking() && atHand.value?.number != null),
  ]);
}

/** What the conversations do by themselves at the desk, until the returned function is called. */
export function startConversations(): () => void {
  void flush();
  let caller: number | undefined;
  const ends = [
    registerKeys(),
    followConversations(),
    effect(() => {
      // What was found for one caller is not sent to the next.
      const present = atHand.value?.contact;
      if (present !== caller) forCaller.value = null;
      caller = present;
    }),
  ];
  return () => {
    for (const end of ends) end();
  };
}
