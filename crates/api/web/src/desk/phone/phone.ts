import type { ReadonlySignal } from '@preact/signals';

/** How the phone stands: `away`: not connected, so no offers come. */
export type PhoneState = 'connecting' | 'ready' | 'away';

/** A call at the phone, as far as the page can tell. */
export interface PhoneCall {
  /** `either`: the page can't tell whether it rings or talks. */
  stage: 'ringing' | 'talking' | 'either';
  isHeld: boolean;
  isMuted: boolean;
}

/** The agent's phone, whichever it is. */
export interface Phone {
  kind: 'desk' | 'browser';
  state: ReadonlySignal<PhoneState>;
  call: ReadonlySignal<PhoneCall | null>;
  keys: PhoneKeys;
  /** Whether the page can answer; else the agent does it at the phone. */
  canAnswer: ReadonlySignal<boolean>;
}

export interface PhoneKeys {
  answer(): void;
  hangUp(): void;
  hold(isHeld: boolean): void;
  /** What is done at the phone alone is `null`. */
  mute: ((isMuted: boolean) => void) | null;
  press: ((digit: string) => void) | null;
}
