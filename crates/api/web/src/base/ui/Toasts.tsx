import { signal } from '@preact/signals';
import { announce } from '../announce';
import { Problem, Unreachable } from '../problem';
import { w } from '../common';

interface Toast {
  id: number;
  text: string;
  isBad: boolean;
  /** What undoes it, with its word. */
  undo?: { word: string; run: () => void };
}

const toasts = signal<Toast[]>([]);
let last = 0;
const SHOWN_MAX = 4;

/** Says something for some seconds: longer when it is a fault or can be undone. */
export function toast(text: string, isBad = false, undo?: Toast['undo']): void {
  const id = ++last;
  toasts.value = [...toasts.value, { id, text, isBad, ...(undo ? { undo } : {}) }].slice(-SHOWN_MAX);
  announce(text, isBad ? 'assertive' : 'polite');
  setTimeout(() => drop(id), isBad || undo ? 12_000 : 5_000);
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** A fault in words. */
export function fault(error: unknown): string {
  if (error instanceof Unreachable) return w.value.unreachable;
  if (error instanceof Problem) {
    return error.retryAfter === null ? error.message : `${error.message} ${w.value.tryAgainIn(error.retryAfter)}`;
  }
  return String(error);
}

/** Does something, and says what went wrong; whether it went well. */
export async function tell(work: Promise<unknown>, done?: string, undo?: Toast['undo']): Promise<boolean> {
  try {
    await work;
    if (done) toast(done, false, undo);
    return true;
  } catch (error) {
    toast(fault(error), true);
    return false;
  }
}

/** The place of what is said; once in each page. */
export function Toasts() {
  return (
    <div class="toasts">
      {toasts.value.map((one) => (
        <div key={one.id} class={one.isBad ? 'toast bad' : 'toast'}>
          <span>
            {one.isBad && <span aria-hidden="true">⚠ </span>}
            {one.text}
          </span>
          {one.undo && (
            <button
              type="button"
              onClick={() => {
                drop(one.id);
                one.undo?.run();
              }}
            >
              {one.undo.word}
            </button>
          )}
          <button type="button" class="quiet" aria-label={w.value.close} onClick={() => drop(one.id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
