import { useSignal } from '@preact/signals';
import { get } from '../../base/http';
import { span } from '../../base/clock';
import { daysAgo, moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Player } from '../parts/Player';
import { Table } from '../parts/Table';
import { goTo } from '../place';
import { queueName, site } from '../site';
import { w } from '../words';
import { w as r } from '../words/recordings';

/** Recordings by day and queue, and the player. */
export function Recordings({ what }: { what: string | null }) {
  const t = r.value;
  const asked = useSignal({ from: daysAgo(7), to: daysAgo(0), queue: '' });
  const found = useLoad(() => {
    const { from, to, queue } = asked.value;
    return get('/api/v1/history/{view}', { from, to, ...(queue ? { queue } : {}), latest: true, most: 200 }, { view: 'v_recording' });
  }, [asked.value]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? '');
    asked.value = { from: text('from'), to: text('to'), queue: text('queue') };
  };
  return (
    <div class="stack">
      {what !== null && <Player key={what} recording={what} onEnd={() => goTo('recordings')} />}
      <form class="row fields" onSubmit={submit}>
        <Field name={w.value.from}>
          <input type="date" name="from" required defaultValue={asked.value.from} />
        </Field>
        <Field name={w.value.to}>
          <input type="date" name="to" required defaultValue={asked.value.to} />
        </Field>
        <Field name={w.value.queue}>
          <select name="queue">
            <option value="">{w.value.all}</option>
            {site.value?.queues.map((queue) => (
              <option key={queue.name} value={queue.name}>
                {queue.display}
              </option>
            ))}
          </select>
        </Field>
        <button type="submit" class="main">
          {w.value.show}
        </button>
      </form>
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
              { head: w.value.agent, cell: (row) => String(row['agent'] ?? '') },
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
