import type { ComponentChildren } from 'preact';
import type { Loaded } from '../load';
import { w } from '../words';

/** What was loaded, or that it is being loaded, or why it can't be. */
export function Loading<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  const t = w.value;
  if (of.problem.value !== '') {
    return (
      <p class="problem" role="alert">
        {of.problem.value}{' '}
        <button type="button" onClick={of.again}>
          {t.again}
        </button>
      </p>
    );
  }
  if (of.value.value === null) return <p class="soft">{t.loading}</p>;
  return <>{children(of.value.value)}</>;
}
