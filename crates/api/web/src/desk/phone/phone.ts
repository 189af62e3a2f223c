import { signal, type ReadonlySignal } from '@preact/signals';

/** How the phone stands: `away`: not connected, so no offers come. */
export type PhoneState = 'connecting' | 'ready' | 'away';

/** A call at the phone, as far as the page can tell. */
export interface PhoneCall {
  stage: 'ringing' | 'talking';
  isHeld: boolean;
  isMuted: boolean;
}

/** The agent's phone, whichever it is. */
export interface Phone {
  kind: 'desk' | 'browser';
  state: ReadonlySignal<PhoneState>;
  call: ReadonlySignal<PhoneCall | null>;
  /** What the page does in the phone's place; `null`: the agent does it at the phone. */
  keys: PhoneKeys | null;
}

export interface PhoneKeys {
  answer(): void;
  hangUp(): void;
  hold(isHeld: boolean): void;
  mute(isMuted: boolean): void;
  press(digit: string): void;
}

/** A phone on the table: the page follows it by the live room, and steers what turno can do for it. */
export function deskPhone(state: ReadonlySignal<PhoneState>): Phone {
  return { kind: 'desk', state, call: signal(null), keys: null };
}
