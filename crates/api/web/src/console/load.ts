import { useSignal, type Signal } from '@preact/signals';
import { useCallback, useEffect } from 'preact/hooks';
import { fault } from '../base/ui/Toasts';

export interface Loaded<T> {
  value: Signal<T | null>;
  problem: Signal<string>;
  again: () => void;
}

/** Loads something when the section opens and whenever one of `of` changes; an answer that comes too late is dropped. */
export function useLoad<T>(load: () => Promise<T>, of: unknown[]): Loaded<T> {
  const value = useSignal<T | null>(null);
  const problem = useSignal('');
  const turn = useSignal(0);
  const again = useCallback(() => {
    turn.value += 1;
  }, [turn]);
  useEffect(() => {
    let isLate = false;
    load().then(
      (found) => {
        if (isLate) return;
        value.value = found;
        problem.value = '';
      },
      (error: unknown) => {
        if (!isLate) problem.value = fault(error);
      },
    );
    return () => {
      isLate = true;
    };
  }, [...of, turn.value]);
  return { value, problem, again };
}
