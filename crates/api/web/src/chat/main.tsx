import './chat.css';
import { useSignal } from '@preact/signals';
import { render } from 'preact';
import { useEffect } from 'preact/hooks';
import { Form } from './Form';
import { isFramed, isShown, tellParent } from './frame';
import { Log } from './Log';
import * as talk from './talk';
import { standing } from './standing';
import { words } from './words';

const title = new URLSearchParams(location.search).get('title')?.slice(0, 60) || null;

function Page() {
  const t = words[talk.language.value];
  const text = useSignal('');
  const leaves = useSignal(false);
  useEffect(() => {
    talk.begin();
    tellParent({ turno: 'ready' });
  }, []);
  useNews();
  useEffect(() => {
    document.title = title ?? t.title;
  }, [t]);
  const chat = talk.chat.value;
  const isDone = chat?.stage === 'done';
  return (
    <main
      onKeyDown={(event) => {
        if (event.key === 'Escape' && isFramed) tellParent({ turno: 'close' });
      }}
    >
      <header>
        <h1>{title ?? t.title}</h1>
        <button type="button" class="quiet" lang={talk.language.value === 'es' ? 'en' : 'es'} onClick={() => talk.speak(talk.language.value === 'es' ? 'en' : 'es')}>
          {t.other}
        </button>
        {isFramed && (
          <button type="button" class="quiet icon" aria-label={t.close} onClick={() => tellParent({ turno: 'close' })}>
            <span aria-hidden="true">✕</span>
          </button>
        )}
      </header>
      <p class="state" role="status">
        {state()}
      </p>
      <Log edit={(again) => (text.value = again)} />
      {/* No live region: a screen reader would be interrupted by each stroke of the other side. */}
      <p class="typing">{chat?.is_typing === true && t.typing}</p>
      <p class="notice" role="alert">
        {talk.notice.value}
      </p>
      {talk.isSendingFile.value && (
        <p class="typing" role="status">
          {t.sending}
        </p>
      )}
      {(chat?.asks_rating === true || chat?.rating != null) && <Rating />}
      <Form text={text} />
      {chat !== null && (
        <footer>
          {isDone ? (
            <button type="button" class="quiet" onClick={talk.anew}>
              {t.anew}
            </button>
          ) : leaves.value ? (
            <p role="group" aria-label={t.leaveSure}>
              {t.leaveSure}{' '}
              <button
                type="button"
                onClick={() => {
                  leaves.value = false;
                  void talk.leave();
                }}
              >
                {t.yes}
              </button>{' '}
              <button type="button" onClick={() => (leaves.value = false)}>
                {t.no}
              </button>
            </p>
          ) : (
            <button type="button" class="quiet" onClick={() => (leaves.value = true)}>
              {t.leave}
            </button>
          )}
        </footer>
      )}
    </main>
  );
}

/** How it stands, in a sentence. */
function state(): string {
  const t = words[talk.language.value];
  const chat = talk.chat.value;
  if (talk.line.value === 'lost') return t.lost;
  if (chat === null) return talk.line.value === 'connecting' ? t.connecting : '';
  switch (chat.stage) {
    case 'bot':
      return t.withBot;
    case 'waiting':
      return standing(chat.place, chat.wait, t);
    case 'agent':
      return t.withAgent(chat.agent_name ?? null);
    case 'parked':
      return t.parked;
    case 'done':
      return t.done;
  }
}

/** What the other side said is seen when somebody looks; the page around is told of what is not. */
function useNews(): void {
  const last = talk.log.value.filter((one) => one.by !== 'citizen').at(-1)?.id ?? 0;
  const read = useSignal(0);
  const looks = useSignal(document.visibilityState === 'visible');
  useEffect(() => {
    const look = () => {
      looks.value = document.visibilityState === 'visible';
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, []);
  const isSeen = looks.value && isShown.value;
  useEffect(() => {
    if (isSeen && last > 0) {
      read.value = last;
      talk.seen(last);
    }
    const count = talk.log.value.filter((one) => one.by !== 'citizen' && one.id > read.value).length;
    tellParent({ turno: 'news', count, words: count === 0 ? '' : words[talk.language.value].news(count) });
  }, [isSeen, last]);
}

function Rating() {
  const t = words[talk.language.value];
  const stars = useSignal(0);
  if (talk.chat.value?.rating != null)
    return (
      <p class="rated" role="status">
        {t.rated}
      </p>
    );
  return (
    <form
      class="rate"
      onSubmit={(event) => {
        event.preventDefault();
        if (stars.value > 0) void talk.rate(stars.value);
      }}
    >
      <fieldset>
        <legend>{t.rate}</legend>
        {t.stars.map((word, at) => (
          <label key={at}>
            <input type="radio" name="stars" value={at + 1} checked={stars.value === at + 1} required onChange={() => (stars.value = at + 1)} />
            {`${at + 1}: ${word}`}
          </label>
        ))}
        <button type="submit">{t.give}</button>
      </fieldset>
    </form>
  );
}

const place = document.getElementById('chat');
if (place) render(<Page />, place);
