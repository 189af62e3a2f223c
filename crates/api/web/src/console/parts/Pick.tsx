import type { ComponentChildren } from 'preact';

/** A choice that is made at once: it goes back to its word, so that the same can be chosen again. */
export function Pick({
  word,
  label,
  choices,
  onPick,
  disabled = false,
}: {
  word: string;
  label: string;
  choices: [value: string, name: string][];
  onPick: (value: string) => void;
  disabled?: boolean;
}) {
  return (
    <select
      class="pick"
      aria-label={label}
      disabled={disabled || choices.length === 0}
      value=""
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        event.currentTarget.value = '';
        if (chosen) onPick(chosen);
      }}
    >
      <option value="">{word}</option>
      {choices.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** A field with its label. */
export function Field({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <label>
      <span class="soft">{name}</span>
      {children}
    </label>
  );
}
