import { useSignal } from '@preact/signals';
import { get, type Forms } from '../../base/http';
import { moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Table } from '../parts/Table';
import { w } from '../words';
import { w as a } from '../words/office';

const STEP = 200;
const MOST = 1_000;

/** Who did what, and who was refused. */
export function Audit() {
  const t = a.value;
  const most = useSignal(STEP);
  const before = useSignal<number | null>(null);
  const words = useSignal('');
  const outcome = useSignal('');
  const page = useLoad(
    () => get('/api/v1/audit', { most: most.value, ...(before.value === null ? {} : { before: before.value }) }),
    [most.value, before.value],
  );
  const fits = (row: Forms['AuditRow']) => {
    const text = `${row.who} ${row.deed} ${row.target} ${row.why} ${row.source}`.toLowerCase();
    return (outcome.value === '' || row.outcome === outcome.value) && words.value.split(' ').every((word) => text.includes(word.toLowerCase()));
  };
  return (
    <div class="stack">
      <div class="row fields">
        <Field name={t.words}>
          <input type="search" value={words.value} onInput={(event) => (words.value = event.currentTarget.value)} />
        </Field>
        <Field name={t.outcome}>
          <select value={outcome.value} onChange={(event) => (outcome.value = event.currentTarget.value)}>
            <option value="">{w.value.all}</option>
            {['done', 'denied', 'refused', 'not known', 'throttled'].map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </Field>
        <button
          type="button"
          onClick={() => {
            before.value = null;
            page.again();
          }}
        >
          {t.newest}
        </button>
      </div>
      <Loading of={page}>
        {(found) => (
          <>
            <Table
              caption={w.value.audit}
              rows={found.rows.filter(fits)}
              keyOf={(row) => row.number}
              toneOf={(row) => (row.outcome === 'done' ? '' : 'warn')}
              columns={[
                { head: t.place, cell: (row) => row.number },
                { head: w.value.time, cell: (row) => moment(row.at * 1e6) },
                { head: t.who, cell: (row) => row.who },
                { head: t.source, cell: (row) => row.source },
                { head: t.deed, cell: (row) => row.deed },
                { head: t.target, cell: (row) => row.target },
                { head: t.outcome, cell: (row) => row.outcome },
                { head: w.value.why, cell: (row) => row.why },
              ]}
            />
            {found.next != null && (
              <button
                type="button"
                onClick={() => {
                  if (most.value < MOST) most.value = Math.min(MOST, most.value + STEP);
                  else before.value = found.next ?? null;
                }}
              >
                {w.value.more}
              </button>
            )}
          </>
        )}
      </Loading>
    </div>
  );
}
