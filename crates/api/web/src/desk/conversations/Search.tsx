import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import type { Procedure } from './deeds';
import { search } from './deeds';
import { c } from './words';

interface Props {
  id: string;
  label: string;
  hint: string;
  onChoose: (procedure: Procedure) => void;
}

const PAUSE = 150;

/** A field that finds procedures as one types: arrows move, Enter chooses, Escape leaves. */
export function Search({ id, label, hint, onChoose }: Props) {
  const list = useId();
  const typed = useSignal('');
  const found = useSignal<Procedure[]>([]);
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isOpen = found.value.length > 0;
  const look = (text: string) => {
    typed.value = text;
    at.value = 0;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      void search(text)
        .then((all) => {
          // What was asked for before may come later.
          if (typed.value === text) found.value = all;
        })
        .catch(() => {});
    }, PAUSE);
  };
  const clear = () => {
    found.value = [];
    typed.value = '';
  };
  const choose = (procedure: Procedure | undefined) => {
    if (!procedure) return;
    clear();
    onChoose(procedure);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const many = Math.max(1, found.value.length);
    if (event.key === 'ArrowDown') at.value = (at.value + 1) % many;
    else if (event.key === 'ArrowUp') at.value = (at.value - 1 + many) % many;
    else if (event.key === 'Enter') choose(found.value[at.value]);
    else if (event.key === 'Escape' && (isOpen || typed.value !== '')) clear();
    else if (event.key === 'Escape') field.current?.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div class="combo">
      <label for={id}>{label}</label>
      <input
        ref={field}
        id={id}
        type="text"
        role="combobox"
        autocomplete="off"
        aria-expanded={isOpen}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isOpen ? `${list}-${at.value}` : undefined}
        placeholder={hint}
        value={typed.value}
        onInput={(event) => look(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <ul id={list} role="listbox" aria-label={label} class="choices" hidden={!isOpen}>
        {found.value.map((one, index) => (
          <li
            key={one.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === at.value}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(one)}
          >
            {one.name}
          </li>
        ))}
      </ul>
      <span class="unseen" role="status">
        {typed.value === '' ? '' : c.value.found(found.value.length)}
      </span>
    </div>
  );
}
