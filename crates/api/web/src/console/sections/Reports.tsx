import { useSignal } from '@preact/signals';
import { headers, address } from '../../base/http';
import { problemOf, Unreachable } from '../../base/problem';
import { span } from '../../base/clock';
import { language } from '../../base/words';
import { tell } from '../../base/ui/Toasts';
import { heads } from '../csv';
import { daysAgo } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Plot } from '../parts/Plot';
import { Table } from '../parts/Table';
import { w } from '../words';
import { kinds, periods, w as r } from '../words/reports';

type Row = Record<string, string | number | null>;

interface Asked {
  of: string;
  by: string;
  from: string;
  to: string;
}

interface Report {
  rows: Row[];
  /** The names of the columns for people, by their keys. */
  names: Record<string, string>;
}

async function fetched(which: Asked, format: string): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address('/api/v1/reports', {}, { ...which, format }), { headers: headers(), signal: AbortSignal.timeout(60_000) });
  } catch (error) {
    throw new Unreachable(String(error));
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

async function read(which: Asked): Promise<Report> {
  const [json, csv] = await Promise.all([fetched(which, 'json'), fetched(which, 'csv')]);
  const rows = (await json.json()) as Row[];
  const keys = Object.keys(rows[0] ?? {});
  const names = heads(await csv.text());
  const isWhole = names.length === keys.length;
  return { rows, names: Object.fromEntries(keys.map((key, place) => [key, isWhole ? (names[place] ?? key) : key])) };
}

/** Figures by time and group, as a table and as a plot, and as files. */
export function Reports() {
  const t = r.value;
  const asked = useSignal<Asked>({ of: 'queues', by: 'day', from: daysAgo(6), to: daysAgo(0) });
  const found = useLoad(() => read(asked.value), [asked.value, language.value]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? '');
    asked.value = { of: text('of'), by: text('by'), from: text('from'), to: text('to') };
  };
  const download = async (format: 'csv' | 'xlsx') => {
    const answer = await fetched(asked.value, format);
    const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? `report.${format}`;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  return (
    <div class="stack">
      <form class="row fields" onSubmit={submit}>
        <Field name={t.kind}>
          <select name="of" defaultValue={asked.value.of}>
            {kinds().map(([value, name]) => (
              <option key={value} value={value} selected={value === asked.value.of}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field name={t.by}>
          <select name="by">
            {periods().map(([value, name]) => (
              <option key={value} value={value} selected={value === asked.value.by}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <Field name={w.value.from}>
          <input type="date" name="from" required defaultValue={asked.value.from} />
        </Field>
        <Field name={w.value.to}>
          <input type="date" name="to" required defaultValue={asked.value.to} />
        </Field>
        <button type="submit" class="main">
          {w.value.show}
        </button>
        <button type="button" onClick={() => void tell(download('csv'))}>
          CSV
        </button>
        <button type="button" onClick={() => void tell(download('xlsx'))}>
          XLSX
        </button>
      </form>
      <Loading of={found}>{(report) => <Shown report={report} />}</Loading>
    </div>
  );
}

interface Placed {
  row: Row;
  place: number;
}

function Shown({ report: { rows, names } }: { report: Report }) {
  const keys = Object.keys(names);
  const isFigure = (key: string) => rows.some((row) => typeof row[key] === 'number');
  const figures = keys.filter(isFigure);
  const words = keys.filter((key) => !isFigure(key) && rows.some((row) => row[key] !== null));
  return (
    <>
      <Plot rows={rows} names={names} words={words} figures={figures} />
      <Table
        caption={w.value.reports}
        rows={rows.map((row, place) => ({ row, place }))}
        keyOf={({ place }: Placed) => place}
        columns={keys.map((key) => ({
          head: names[key] ?? key,
          cell: ({ row }: Placed) => shown(key, row[key] ?? null),
          isNumber: figures.includes(key),
        }))}
      />
    </>
  );
}

/** A figure as people read it: shares as percentages, spans as minutes and seconds. */
export function shown(key: string, value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (/level|share|rate|occupancy|adherence|within|coverage/.test(key) && value <= 1) return `${(value * 100).toFixed(1)} %`;
  if (/^(asa|aht|talk|hold|acw|staffed|available|aux|ring|wait|longest|mean)|_(time|wait|max)$/.test(key) && value >= 0) return span(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
