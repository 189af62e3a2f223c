import type { ComponentChildren } from 'preact';
import { w } from '../words';

export interface Column<T> {
  head: string;
  cell: (row: T) => ComponentChildren;
  /** Figures stand at the end of their cell. */
  isNumber?: boolean;
}

interface Props<T> {
  caption: string;
  rows: readonly T[];
  columns: Column<T>[];
  keyOf: (row: T) => string | number;
  /** A word on the row for styles. */
  toneOf?: (row: T) => string;
}

/** A table with headings, which scrolls sideways by itself where it does not fit. */
export function Table<T>({ caption, rows, columns, keyOf, toneOf }: Props<T>) {
  if (rows.length === 0) return <p class="soft">{w.value.nothing}</p>;
  return (
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column.head} class={column.isNumber ? 'number' : ''}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={toneOf?.(row) ?? ''}>
              {columns.map((column, place) =>
                place === 0 ? (
                  <th scope="row" key={column.head}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.head} class={column.isNumber ? 'number' : ''}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
