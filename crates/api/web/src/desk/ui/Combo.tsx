import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { found, type Choice } from '../filter';
import { d } from '../words';

interface Props {
  id: string;
  label: string;
  hint: string;
  choices: Choice[];
  typed: string;
  onType: (text: string) => void;
  /** What was chosen; `text`: what was typed where nothing matched. Whether Shift was held. */
  onChoose: (choice: Choice | null, text: string, isShifted: boolean) => void;
  /** Whether what matches nothing may be given as it is. */
  takesAnything?: boolean;
}

const SHOWN_MAX = 8;

/** A field whose choices are filtered as one types: arrows move, Enter chooses, Escape leaves. */
export function Combo({ id, label, hint, choices, typed, onType, onChoose, takesAnything = false }: Props) {
  const list = useId();
  const isOpen = useSignal(false);
  const at = useSignal(0);
  const field = useRef<HTMLInputElement>(null);
  const all = found(choices, typed);
  const shown = all.slice(0, SHOWN_MAX);
  const place = Math.min(at.value, Math.max(0, shown.length - 1));
  const show = isOpen.value && shown.length > 0;

  const choose = (choice: Choice | undefined, isShifted: boolean) => {
    const text = typed.trim();
    if (choice === undefined && !(takesAnything && text !== '')) return;
    isOpen.value = false;
    onChoose(choice ?? null, text, isShifted);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp': {
        const step = event.key === 'ArrowDown' ? 1 : -1;
        if (isOpen.value) at.value = (place + step + shown.length) % Math.max(1, shown.length);
        isOpen.value = true;
        break;
      }
      case 'Enter':
        if (typed.trim() === '' && !isOpen.value) isOpen.value = true;
        else choose(shown[place], event.shiftKey);
        break;
      case 'Escape':
        if (isOpen.value) isOpen.value = false;
        else field.current?.blur();
        break;
      default:
        return;
    }
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
        spellcheck={false}
        aria-expanded={show}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={show ? `${list}-${place}` : undefined}
        placeholder={hint}
        value={typed}
        onInput={(event) => {
          at.value = 0;
          isOpen.value = true;
          onType(event.currentTarget.value);
        }}
        onClick={() => {
          isOpen.value = true;
        }}
        onBlur={() => {
          isOpen.value = false;
        }}
        onKeyDown={onKeyDown}
      />
      <ul id={list} role="listbox" aria-label={label} class="choices" hidden={!show}>
        {shown.map((choice, index) => (
          <li
            key={choice.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === place}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onClick={(event) => choose(choice, event.shiftKey)}
          >
            <span class="mark">{choice.mark}</span> {choice.name}
            {choice.kind && <span class="soft"> · {choice.kind}</span>}
          </li>
        ))}
      </ul>
      <span class="unseen" role="status">
        {isOpen.value && typed !== '' ? (all.length === 0 ? d.value.noMatch : d.value.options(all.length)) : ''}
      </span>
    </div>
  );
}
