/** A report as turno's page of it has it: tables with headings and figures in the reader's language. */

export interface Part {
  title: string;
  heads: string[];
  /** How many of the first columns are names: the time, the group. */
  names: number;
  rows: string[][];
  total: string[] | null;
}

/** The tables of a report's page. */
export function parts(html: string): Part[] {
  // Its styles are of no use here, and the policy of our pages forbids styles in a page.
  const plain = html.replace(/<style[^]*?<\/style>/g, '');
  const page = new DOMParser().parseFromString(plain, 'text/html');
  return [...page.querySelectorAll('table')].map((table) => {
    const cells = (row: Element) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent?.trim() ?? '');
    const head = table.querySelector('thead tr');
    const total = table.querySelector('tfoot tr');
    return {
      title: table.parentElement?.querySelector('h2, h1, h3')?.textContent?.trim() ?? '',
      heads: head ? cells(head) : [],
      names: head ? head.querySelectorAll('.name').length : 0,
      rows: [...table.querySelectorAll('tbody tr')].map(cells),
      total: total ? cells(total) : null,
    };
  });
}

/** What kind a figure is, for the axis of a plot. */
export type FigureKind = 'count' | 'share' | 'span';

export function kindOf(text: string): FigureKind {
  return text.includes('%') ? 'share' : /^\d+:\d\d/.test(text) ? 'span' : 'count';
}

/** A figure as a number: shares from 0 to 100, spans in seconds; `null`: there is none. */
export function numberOf(text: string, language: string): number | null {
  if (/^\d+(:\d\d)+$/.test(text)) return text.split(':').reduce((all, part) => all * 60 + Number(part), 0);
  const plain = text.replace(/[%\s\u00A0\u202F$€]/g, '');
  const figure = language === 'es' ? plain.replaceAll('.', '').replace(',', '.') : plain.replaceAll(',', '');
  return figure === '' || Number.isNaN(Number(figure)) ? null : Number(figure);
}
