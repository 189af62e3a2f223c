import { computed, effect, signal, type ReadonlySignal } from '@preact/signals';
import * as orders from '../orders';
import { desk, isSilent, me } from '../state';
import type { Phone, PhoneCall, PhoneState } from './phone';

/** Whether the phone has refused to answer when it was told to: then it is answered by hand, until it registers anew. */
const isByHand = signal(false);
/** Whether a call of the agent's own is on hold, as far as it was held here. */
const isOwnHeld = signal(false);

const call = computed((): PhoneCall | null => {
  const state = me.value?.state;
  if (isSilent()) return null;
  switch (state) {
    case 'ringing':
      return { stage: 'ringing', isHeld: false, isMuted: false };
    case 'talking':
    case 'holding':
      return { stage: 'talking', isHeld: state === 'holding' && desk.value?.consult == null, isMuted: false };
    case 'other-call':
      return { stage: 'either', isHeld: isOwnHeld.value, isMuted: false };
    default:
      return null;
  }
});

async function answer(): Promise<void> {
  if ((await orders.answer()) === 'at-the-phone') isByHand.value = true;
}

async function hold(isHeld: boolean): Promise<void> {
  const isDone = await (isHeld ? orders.hold() : orders.resume());
  if (isDone && me.value?.state === 'other-call') isOwnHeld.value = isHeld;
}

/** A phone on the table: the page follows it by the live room, and steers it by orders to turno. */
export function deskPhone(state: ReadonlySignal<PhoneState>): Phone {
  return {
    kind: 'desk',
    state,
    call,
    keys: { answer: () => void answer(), hangUp: () => void orders.hangUp(), hold: (isHeld) => void hold(isHeld), mute: null, press: null },
    canAnswer: computed(() => !isByHand.value),
  };
}

/** Follows which phone it is, until the returned function is called. */
export function followDeskPhone(): () => void {
  let phones: number | undefined;
  return effect(() => {
    const own = me.value;
    if (own?.state !== 'other-call') isOwnHeld.value = false;
    if (own?.phones !== phones) isByHand.value = false;
    phones = own?.phones;
  });
}
