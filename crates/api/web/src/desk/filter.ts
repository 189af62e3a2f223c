/** Something that can be chosen by typing. */
export interface Choice {
  id: string;
  /** What is shown, and found. */
  name: string;
  /** Shown beside it, and found too: an extension, a code. */
  mark: string;
  /** What it is, in a word. */
  kind?: string;
}

/** Letters without accents and capitals: who types `nino` finds `Niño`. */
export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** The choices that have all words that were typed; those whose mark or name begins with it come first. */
export function found(choices: Choice[], typed: string): Choice[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return choices;
  const rank = (choice: Choice): number | null => {
    const [mark, name] = [plain(choice.mark), plain(choice.name)];
    const text = `${mark} ${name} ${plain(choice.kind ?? '')}`;
    if (!words.every((word) => text.includes(word))) return null;
    const whole = plain(typed.trim());
    return mark === whole ? 0 : mark.startsWith(whole) ? 1 : name.startsWith(whole) ? 2 : 3;
  };
  return choices
    .map((choice) => [choice, rank(choice)] as const)
    .filter((pair): pair is readonly [Choice, number] => pair[1] !== null)
    .sort((a, b) => a[1] - b[1])
    .map(([choice]) => choice);
}
