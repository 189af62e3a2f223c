/** The cells of the first line of a CSV (RFC 4180): turno writes the headings there, in the language that was asked for. */
export function heads(csv: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  const text = csv.replace(/^\uFEFF/, '');
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (isQuoted) {
      if (sign === '"' && text[at + 1] === '"') cell += text[++at];
      else if (sign === '"') isQuoted = false;
      else cell += sign;
    } else if (sign === '"') isQuoted = true;
    else if (sign === ',' || sign === ';') {
      cells.push(cell);
      cell = '';
    } else if (sign === '\n' || sign === '\r') break;
    else cell += sign;
  }
  return [...cells, cell];
}
