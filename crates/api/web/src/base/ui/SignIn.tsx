import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { forgetToken, hasToken, signed, signIn, whoAmI } from '../http';
import { language, speak } from '../words';
import { w } from '../common';
import { fault } from './Toasts';

/** Name and password. */
export function SignIn() {
  const t = w.value;
  const problem = useSignal('');
  const isBusy = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    isBusy.value = true;
    problem.value = '';
    try {
      await signIn(String(form.get('name')), String(form.get('password')));
    } catch (error) {
      problem.value = fault(error);
    }
    isBusy.value = false;
  };
  return (
    <main class="signin">
      <form class="card" onSubmit={(event) => void submit(event)}>
        <h1>{t.signInTitle}</h1>
        <label>
          {t.name}
          <input name="name" autocomplete="username" autocapitalize="none" required maxLength={64} autofocus />
        </label>
        <label>
          {t.password}
          <input name="password" type="password" autocomplete="current-password" required maxLength={256} />
        </label>
        <p class="problem" role="alert">
          {problem.value}
        </p>
        <button type="submit" class="main" disabled={isBusy.value}>
          {t.signIn}
        </button>
        <LanguageButton />
      </form>
    </main>
  );
}

export function LanguageButton() {
  const other = language.value === 'es' ? 'en' : 'es';
  return (
    <button type="button" class="quiet" lang={other} onClick={() => speak(other)}>
      {w.value.language}
    </button>
  );
}

/** A screen that came by a token, which has ended. */
function TokenEnded() {
  const t = w.value;
  const isLeft = useSignal(false);
  if (isLeft.value) return <SignIn />;
  const leave = () => {
    forgetToken();
    isLeft.value = true;
  };
  return (
    <main class="signin">
      <div class="card stack">
        <h1>
          <span aria-hidden="true">⚠ </span>
          {t.tokenEnded}
        </h1>
        <button type="button" onClick={leave}>
          {t.byName}
        </button>
      </div>
    </main>
  );
}

/** What is inside for who has signed in, and the form for who has not. */
export function Guarded({ children }: { children: ComponentChildren }) {
  useEffect(() => {
    let timer: number | undefined;
    const look = () => whoAmI().catch(() => (timer = window.setTimeout(look, 2_000)));
    void look();
    return () => clearTimeout(timer);
  }, []);
  if (signed.value === undefined) return <p class="waiting">{w.value.connecting}</p>;
  if (signed.value === null) return hasToken() ? <TokenEnded /> : <SignIn />;
  return <>{children}</>;
}
