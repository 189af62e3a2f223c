/** What a plot shows of a report: one line for each group, over the periods. */
type Row = Record<string, string | number | null>;

export interface Series {
  /** The periods, in order. */
  periods: string[];
  /** The groups with their values by period. */
  lines: { name: string; values: (number | null)[] }[];
}

/** Most lines that can be told apart; those with the largest values. */
const LINES_MAX = 8;

/** The figure of these rows. `words` are the columns that are no figures: the last one is the group, those before it the period. */
export function series(rows: Row[], words: string[], figure: string): Series {
  const group = words.length > 1 ? words.at(-1) : undefined;
  const time = words.filter((word) => word !== group);
  const whole = (row: Row) => words.every((word) => row[word] !== null && row[word] !== '');
  const named = rows.filter(whole);
  const periodOf = (row: Row) => time.map((word) => String(row[word])).join(' ');
  const periods = [...new Set(named.map(periodOf))];
  const lines = new Map<string, (number | null)[]>();
  for (const row of named) {
    const name = group === undefined ? figure : String(row[group]);
    const values = lines.get(name) ?? periods.map(() => null);
    const value = row[figure];
    values[periods.indexOf(periodOf(row))] = typeof value === 'number' ? value : null;
    lines.set(name, values);
  }
  const sum = (values: (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const all = [...lines].map(([name, values]) => ({ name, values }));
  return { periods, lines: all.sort((a, b) => sum(b.values) - sum(a.values)).slice(0, LINES_MAX) };
}
