import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { plain } from '../filter';
import { does, notes, sendFile } from './deeds';
import { answer, draftOf, typeDraft } from './sending';
import { ready, type Conversation } from './state';
import { c } from './words';

const SHOWN_MAX = 8;
const TYPING_SPAN = 3_000;

/** Where the agent answers. `/` and letters offer ready answers; what is typed is kept until it is sent. */
export function Answer({ of }: { of: Conversation }) {
  const t = c.value;
  const list = useId();
  const at = useSignal(0);
  const told = useRef(0);
  const field = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const id = of.conversation;
  const text = draftOf(id, of.draft);
  const wanted = /^\/(\S*)$/.exec(text)?.[1];
  const has = wanted === undefined ? [] : ready.value.filter((one) => plain(one.name).includes(plain(wanted))).slice(0, SHOWN_MAX);
  const place = Math.min(at.value, Math.max(0, has.length - 1));
  const isClosed = of.free_until != null && of.free_until < Date.now();
  const put = (name: number) => {
    const one = has[name];
    if (one) typeDraft(id, one.words);
    field.current?.focus();
  };
  const send = () => {
    const words = text.trim();
    if (words === '') return;
    answer(id, { text: words });
    typeDraft(id, '');
    told.current = 0;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    if (has.length > 0 && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      at.value = (place + (event.key === 'ArrowDown' ? 1 : -1) + has.length) % has.length;
    } else if (event.key === 'Enter' && !event.shiftKey) {
      if (has.length > 0) put(place);
      else send();
    } else if (event.key === 'Escape') {
      if (wanted === undefined) field.current?.blur();
      else typeDraft(id, '');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="answer">
      <label for="written-answer">{t.answer}</label>
      <div class="combo">
        <textarea
          id="written-answer"
          ref={field}
          rows={3}
          maxLength={4_096}
          value={text}
          disabled={isClosed}
          aria-describedby="written-hint"
          aria-autocomplete="list"
          aria-controls={list}
          aria-activedescendant={has.length > 0 ? `${list}-${place}` : undefined}
          onInput={(event) => {
            at.value = 0;
            typeDraft(id, event.currentTarget.value);
            if (Date.now() - told.current > TYPING_SPAN) {
              told.current = Date.now();
              notes(id, { do: 'typing', is_typing: true });
            }
          }}
          onKeyDown={onKeyDown}
        />
        <ul id={list} role="listbox" aria-label={t.ready} class="choices" hidden={has.length === 0}>
          {has.map((one, index) => (
            <li
              key={one.name}
              id={`${list}-${index}`}
              role="option"
              aria-selected={index === place}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => put(index)}
            >
              <span class="mark">/{one.name}</span> {one.words.slice(0, 80)}
            </li>
          ))}
        </ul>
      </div>
      <p class="hint" id="written-hint">
        {isClosed ? t.closedWindow : t.answerHint}
      </p>
      <div class="row buttons">
        <button type="button" class="main" onClick={send} disabled={isClosed}>
          {t.send}
        </button>
        <button type="button" onClick={() => files.current?.click()} disabled={isClosed}>
          {t.attach}
        </button>
        <input
          ref={files}
          type="file"
          class="unseen"
          tabIndex={-1}
          aria-label={t.attach}
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file) void sendFile(id, file);
          }}
        />
        {of.stage === 'parked' && (
          <button type="button" onClick={() => void does(id, { do: 'resume' })}>
            {t.resume}
          </button>
        )}
      </div>
    </div>
  );
}
