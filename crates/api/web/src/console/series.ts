/** What a plot shows of a report: one line for each group, over the periods. */
import { kindOf, numberOf, type FigureKind, type Part } from './figures';

export interface Series {
  kind: FigureKind;
  /** The periods, in order. */
  periods: string[];
  /** The groups with their values by period. */
  lines: { name: string; values: (number | null)[] }[];
}

/** Most lines that can be told apart; those with the largest values. */
const LINES_MAX = 8;

/** The figure in this column. The last of the names is the group, those before it the period; one name alone is the period. */
export function series(part: Part, column: number, language: string): Series {
  const group = part.names > 1 ? part.names - 1 : null;
  const periodOf = (row: string[]) => row.slice(0, group ?? part.names).join(' ');
  const periods = [...new Set(part.rows.map(periodOf))];
  const lines = new Map<string, (number | null)[]>();
  for (const row of part.rows) {
    const name = group === null ? (part.heads[column] ?? '') : (row[group] ?? '');
    const values = lines.get(name) ?? periods.map(() => null);
    values[periods.indexOf(periodOf(row))] = numberOf(row[column] ?? '', language);
    lines.set(name, values);
  }
  const sum = (values: (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const all = [...lines].map(([name, values]) => ({ name, values }));
  const first = part.rows.map((row) => row[column] ?? '').find((text) => /\d/.test(text)) ?? '';
  return { kind: kindOf(first), periods, lines: all.sort((a, b) => sum(b.values) - sum(a.values)).slice(0, LINES_MAX) };
}

/** The columns of figures that can be drawn. */
export function drawable(part: Part): number[] {
  const places = part.heads.map((_, place) => place).slice(part.names);
  return places.filter((place) => part.rows.some((row) => /\d/.test(row[place] ?? '')));
}
