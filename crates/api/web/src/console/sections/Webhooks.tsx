import { get, post } from '../../base/http';
import { live } from '../../base/live';
import { tell } from '../../base/ui/Toasts';
import { every } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Table } from '../parts/Table';
import { w } from '../words';
import { w as h } from '../words/office';

/** How the webhooks stand, and the messages of one that were given up. */
export function Webhooks({ what }: { what: string | null }) {
  const t = h.value;
  const found = useLoad(() => get('/api/v1/webhooks'), [every(live.value?.at ?? 0, 5)]);
  return (
    <div class="stack">
      <Loading of={found}>
        {(rows) => (
          <Table
            caption={w.value.webhooks}
            rows={rows}
            keyOf={(row) => row.name}
            toneOf={(row) => (row.dead > 0 ? 'warn' : '')}
            columns={[
              { head: t.name, cell: (row) => <a href={`#/webhooks/${encodeURIComponent(row.name)}`}>{row.name}</a> },
              { head: 'URL', cell: (row) => row.url },
              { head: t.waiting, cell: (row) => row.waiting, isNumber: true },
              { head: t.dead, cell: (row) => row.dead, isNumber: true },
              {
                head: w.value.do,
                cell: (row) => (
                  <button
                    type="button"
                    disabled={row.dead === 0}
                    onClick={() => void tell(post('/api/v1/webhooks/{name}/again', {}, { name: row.name }), w.value.done).then(found.again)}
                  >
                    {t.sendAll}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loading>
      {what !== null && <Dead name={what} />}
    </div>
  );
}

function Dead({ name }: { name: string }) {
  const t = h.value;
  const found = useLoad(() => get('/api/v1/webhooks/{name}/dead', {}, { name }), [name]);
  return (
    <section class="stack" aria-labelledby="dead">
      <h3 id="dead">
        {name}: {t.dead}
      </h3>
      <Loading of={found}>
        {(page) => (
          <Table
            caption={t.dead}
            rows={page.messages}
            keyOf={(row) => row.number}
            columns={[
              { head: t.place, cell: (row) => row.id },
              { head: t.failures, cell: (row) => row.failures, isNumber: true },
              { head: w.value.why, cell: (row) => row.why },
              {
                head: w.value.do,
                cell: (row) => (
                  <button
                    type="button"
                    onClick={() => void tell(post('/api/v1/webhooks/{name}/again', { number: row.number }, { name }), w.value.done).then(found.again)}
                  >
                    {t.sendAgain}
                  </button>
                ),
              },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}
