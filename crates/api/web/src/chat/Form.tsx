import { useEffect, useRef } from 'preact/hooks';
import type { Signal } from '@preact/signals';
import * as talk from './talk';
import { words } from './words';

/** Where the person writes. */
export function Form({ text }: { text: Signal<string> }) {
  const t = words[talk.language.value];
  const field = useRef<HTMLTextAreaElement>(null);
  const filePlace = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const send = () => {
    if (talk.say(text.value)) {
      text.value = '';
      talk.typing(false);
    }
    field.current?.focus();
  };
  const takesFiles = talk.chat.value === null || talk.chat.value.file_bytes_max > 0;
  return (
    <form
      class="write"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label class="unseen" for="message">
        {t.message}
      </label>
      <textarea
        id="message"
        ref={field}
        rows={2}
        value={text.value}
        placeholder={t.message}
        aria-describedby="hint"
        onInput={(event) => {
          text.value = event.currentTarget.value;
          talk.typing(text.value !== '');
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <span id="hint" class="unseen">
        {t.hint}
      </span>
      <div class="buttons">
        {takesFiles && (
          <>
            <button type="button" class="icon" aria-label={t.attach} title={t.attach} disabled={talk.isSendingFile.value} onClick={() => filePlace.current?.click()}>
              <svg aria-hidden="true" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round">
                <path d="M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.6-8.6a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4l7.8-7.8" />
              </svg>
            </button>
            <input
              ref={filePlace}
              type="file"
              class="unseen"
              tabIndex={-1}
              aria-label={t.attach}
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                event.currentTarget.value = '';
                if (file) void talk.sendFile(file);
              }}
            />
          </>
        )}
        <button type="submit" class="main">
          {t.send}
        </button>
      </div>
    </form>
  );
}
