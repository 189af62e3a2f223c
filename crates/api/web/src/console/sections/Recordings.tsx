import { useSignal } from '@preact/signals';
import { get } from '../../base/http';
import { span } from '../../base/clock';
import { moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Player } from '../parts/Player';
import { askedFor, Search, within } from '../parts/Search';
import { Table } from '../parts/Table';
import { goTo } from '../place';
import { agentName, queueName } from '../site';
import { w } from '../words';
import { w as r } from '../words/recordings';

/** Recordings by day and queue, and the player. */
export function Recordings({ what }: { what: string | null }) {
  const t = r.value;
  const asked = useSignal(askedFor(7));
  const found = useLoad(
    () => get('/api/v1/history/{view}', { ...within(asked.value), latest: true, most: 200 }, { view: 'v_recording' }),
    [asked.value],
  );
  return (
    <div class="stack">
      {what !== null && <Player key={what} recording={what} onEnd={() => goTo('recordings')} />}
      <Search asked={asked} />
      <Loading of={found}>
        {(page) => (
          <Table
            caption={w.value.recordings}
            rows={page.rows as Record<string, unknown>[]}
            keyOf={(row) => String(row['recording'])}
            toneOf={(row) => (String(row['recording']) === what ? 'chosen' : '')}
            columns={[
              { head: t.began, cell: (row) => moment(row['began_us'] as number) },
              { head: w.value.queue, cell: (row) => queueName(row['queue'] as string | null) },
              { head: w.value.agent, cell: (row) => agentName(row['agent'] as string | null) },
              { head: w.value.contact, cell: (row) => <a href={`#/contacts/${String(row['contact'])}`}>{String(row['contact'])}</a> },
              { head: t.length, cell: (row) => (row['length_ms'] == null ? '' : span(Number(row['length_ms']) / 1000)), isNumber: true },
              { head: t.pauses, cell: (row) => Number(row['pauses'] ?? 0), isNumber: true },
              {
                head: w.value.do,
                cell: (row) =>
                  row['outcome'] === 'kept' && row['purged_us'] == null ? (
                    <a class="button" href={`#/recordings/${String(row['recording'])}`}>
                      {t.listen}
                    </a>
                  ) : (
                    <span class="soft">{row['purged_us'] != null ? t.purged : String(row['outcome'] ?? t.goesOn)}</span>
                  ),
              },
            ]}
          />
        )}
      </Loading>
    </div>
  );
}
