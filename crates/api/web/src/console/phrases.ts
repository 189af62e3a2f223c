/** The words and phrases that somebody has typed, separated by commas or lines; each once, none empty. */
export function phrases(text: string): string[] {
  const all = text.split(/[,;\n]/).map((one) => one.trim().replace(/\s+/g, ' '));
  return all.filter((one, place) => one !== '' && all.indexOf(one) === place);
}
