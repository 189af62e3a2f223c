import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { w } from '../common';

interface Question {
  title: string;
  text: string;
  /** The word on the button that does it. */
  yes: string;
  isDangerous: boolean;
  done: (yes: boolean) => void;
}

const question = signal<Question | null>(null);

/** Asks before something that can't be undone. */
export function ask(title: string, text: string, yes: string, isDangerous = true): Promise<boolean> {
  question.value?.done(false);
  return new Promise((done) => {
    question.value = { title, text, yes, isDangerous, done };
  });
}

/** The place of the question; once in each page. */
export function Confirm() {
  const asked = question.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (asked) dialog.current?.showModal();
  }, [asked]);
  if (!asked) return null;
  const end = (yes: boolean) => {
    question.value = null;
    asked.done(yes);
  };
  return (
    <dialog ref={dialog} aria-labelledby="asked" onCancel={() => end(false)}>
      <h2 id="asked">{asked.title}</h2>
      <p>{asked.text}</p>
      <div class="row end">
        <button type="button" autofocus onClick={() => end(false)}>
          {w.value.cancel}
        </button>
        <button type="button" class={asked.isDangerous ? 'danger' : 'main'} onClick={() => end(true)}>
          {asked.yes}
        </button>
      </div>
    </dialog>
  );
}
