import { useEffect } from 'preact/hooks';
import { announce } from '../../base/announce';
import { draftOf, typeDraft } from '../drafts';
import type { Choice } from '../filter';
import * as orders from '../orders';
import { site } from '../state';
import { d } from '../words';
import { Combo } from './Combo';
import { KeyOf } from './Key';

/** turno keeps so much of a reason. */
const NOTE_CHARS_MAX = 200;

/** The wrap-up code by typing, during the talk or after it, and a note. What is typed is kept until it is sent. */
export function WrapUp({ contact, code }: { contact: number; code?: string | null }) {
  const t = d.value;
  const draft = draftOf(contact);
  // Who heard a procedure's card asks about that most likely: Enter gives its code, typing replaces it.
  useEffect(() => {
    if (code != null && draftOf(contact).at === 0) typeDraft(contact, { typed: code });
  }, [contact, code]);
  const codes: Choice[] = (site.value?.wrap_up_codes ?? []).map((code) => ({
    id: code.code,
    name: code.name,
    mark: code.code,
  }));
  const given = codes.find((code) => code.id === draft.given);
  const give = async (choice: Choice | null, text: string) => {
    const code = choice?.id ?? text;
    if (await orders.wrapUp(code)) announce(t.given(choice ? `${choice.mark} ${choice.name}` : code));
  };
  return (
    <div class="wrap-up">
      <div class="field">
        <Combo
          id="wrap-up"
          label={t.wrapUp}
          hint={t.wrapUpHint}
          choices={codes}
          typed={draft.typed}
          onType={(typed) => typeDraft(contact, { typed })}
          takesAnything={codes.length === 0}
          onChoose={(choice, text) => void give(choice, text)}
        />
        <p class="hint">
          <KeyOf of="wrapUp" />{' '}
          {draft.given !== null && (
            <span class="badge good">
              <span aria-hidden="true">✓ </span>
              {t.given(given ? `${given.mark} ${given.name}` : draft.given)}
            </span>
          )}
        </p>
      </div>
      <div class="field">
        <label for="note">{t.note}</label>
        <textarea
          id="note"
          rows={2}
          maxLength={NOTE_CHARS_MAX}
          value={draft.note}
          aria-describedby="note-hint"
          onInput={(event) => typeDraft(contact, { note: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <p class="hint" id="note-hint">
          <KeyOf of="note" /> {t.noteHint} · {draft.note.length}/{NOTE_CHARS_MAX}
        </p>
      </div>
    </div>
  );
}
