import type { ComponentChildren } from 'preact';
import { allActions, keyOf } from '../../base/keys';

/** The key of an action, as it is shown on its button. */
export function KeyOf({ of }: { of: string }) {
  const action = allActions.value.find((one) => one.id === `desk.${of}`);
  return action ? <kbd aria-hidden="true">{shown(keyOf(action))}</kbd> : null;
}

function shown(chord: string): string {
  return chord.length === 1 ? chord.toUpperCase() : chord;
}

interface Props {
  of: string;
  onClick: () => unknown;
  children: ComponentChildren;
  isMain?: boolean;
  isDangerous?: boolean;
  pressed?: boolean;
}

/** A button that does what a key does, and says which. */
export function KeyButton({ of, onClick, children, isMain = false, isDangerous = false, pressed }: Props) {
  const action = allActions.value.find((one) => one.id === `desk.${of}`);
  const key = action ? shown(keyOf(action)) : undefined;
  return (
    <button
      type="button"
      class={isMain ? 'main' : isDangerous ? 'danger' : ''}
      aria-keyshortcuts={key}
      aria-pressed={pressed}
      onClick={() => void onClick()}
    >
      {children} {key && <kbd aria-hidden="true">{key}</kbd>}
    </button>
  );
}
