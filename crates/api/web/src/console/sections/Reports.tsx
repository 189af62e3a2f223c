import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { headers, address } from '../../base/http';
import { problemOf, Unreachable } from '../../base/problem';
import { language } from '../../base/words';
import { tell } from '../../base/ui/Toasts';
import { daysAgo } from '../days';
import { parts, type Part } from '../figures';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Plot } from '../parts/Plot';
import { Table } from '../parts/Table';
import { w } from '../words';
import { kinds, periods, w as r } from '../words/reports';

interface Asked {
  of: string;
  by: string;
  from: string;
  to: string;
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

/** Figures by time and group, as tables and as a plot, and as files. */
export function Reports() {
  const t = r.value;
  const asked = useSignal<Asked>({ of: 'queues', by: 'day', from: daysAgo(6), to: daysAgo(0) });
  const found = useLoad(async () => (await fetched(asked.value, 'html')).text(), [asked.value, language.value]);
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
          <select name="of">
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
      <Loading of={found}>{(html) => <Shown html={html} />}</Loading>
    </div>
  );
}

function Shown({ html }: { html: string }) {
  const all = useMemo(() => parts(html), [html]);
  if (all.every((part) => part.rows.length === 0)) return <p class="soft">{w.value.nothing}</p>;
  return (
    <>
      <Plot parts={all} />
      {all.map((part) => (
        <section class="stack" key={part.title} aria-label={part.title}>
          <h3>{part.title}</h3>
          <Figures part={part} />
        </section>
      ))}
    </>
  );
}

interface Placed {
  row: string[];
  place: number;
}

function Figures({ part }: { part: Part }) {
  const rows: Placed[] = [...part.rows, ...(part.total ? [part.total] : [])].map((row, place) => ({ row, place }));
  return (
    <Table
      caption={part.title}
      rows={rows}
      keyOf={({ place }) => place}
      toneOf={({ place }) => (place === part.rows.length ? 'total' : '')}
      columns={part.heads.map((head, place) => ({
        head,
        cell: ({ row }: Placed) => row[place] ?? '',
        isNumber: place >= part.names,
      }))}
    />
  );
}
