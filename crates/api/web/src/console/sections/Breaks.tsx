import { get } from '../../base/http';
import { span, timeOfDay } from '../../base/clock';
import { live } from '../../base/live';
import { language } from '../../base/words';
import { Since } from '../../wall/parts/Since';
import { daysAgo, moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Table } from '../parts/Table';
import { queueName } from '../site';
import { w } from '../words';
import { w as b } from '../words/breaks';

/** Who is away and who is next, and whom agents will call back. */
export function Breaks() {
  const t = b.value;
  const now = live.value;
  if (now === null) return null;
  const away = now.room.agents.filter((agent) => agent.state === 'aux').sort((one, other) => one.since - other.since);
  const next = now.room.agents
    .filter((agent) => agent.turn_at != null)
    .sort((one, other) => (one.turn_at ?? 0) - (other.turn_at ?? 0));
  const waiting = now.contacts.filter((contact) => contact.put_off || contact.channel === 'callback');
  return (
    <div class="stack">
      <section class="stack" aria-labelledby="away">
        <h3 id="away">{t.away}</h3>
        <Table
          caption={t.away}
          rows={away}
          keyOf={(agent) => agent.extension}
          toneOf={(agent) => (agent.due_at != null && agent.due_at < now.at ? 'bad' : '')}
          columns={[
            { head: w.value.agent, cell: (agent) => agent.display },
            { head: w.value.why, cell: (agent) => agent.reason ?? '' },
            { head: w.value.since, cell: (agent) => <Since at={agent.since} />, isNumber: true },
            {
              head: t.due,
              cell: (agent) =>
                agent.due_at == null
                  ? ''
                  : agent.due_at < now.at
                    ? t.over(span((now.at - agent.due_at) / 1e6))
                    : timeOfDay(agent.due_at, language.value),
            },
            { head: t.overstays, cell: (agent) => agent.overstays, isNumber: true },
            { head: t.today, cell: (agent) => span(agent.times.aux), isNumber: true },
          ]}
        />
      </section>
      <section class="stack" aria-labelledby="next">
        <h3 id="next">{t.next}</h3>
        <Table
          caption={t.next}
          rows={next}
          keyOf={(agent) => agent.extension}
          columns={[
            { head: w.value.agent, cell: (agent) => agent.display },
            { head: w.value.time, cell: (agent) => timeOfDay(agent.turn_at ?? 0, language.value) },
          ]}
        />
      </section>
      <section class="stack" aria-labelledby="callbacks">
        <h3 id="callbacks">{t.callbacks}</h3>
        <Table
          caption={t.callbacks}
          rows={waiting}
          keyOf={(contact) => contact.contact}
          columns={[
            { head: t.whom, cell: (contact) => <a href={`#/contacts/${contact.contact}`}>{contact.from}</a> },
            { head: w.value.queue, cell: (contact) => queueName(contact.queue) },
            { head: w.value.state, cell: (contact) => (contact.put_off ? t.later : contact.stage === 'waiting' ? t.inLine : t.now) },
            { head: t.asked, cell: (contact) => moment(contact.arrived) },
          ]}
        />
      </section>
      <Asked />
    </div>
  );
}

/** Callbacks of today and yesterday, by the history. */
function Asked() {
  const t = b.value;
  const found = useLoad(
    () => get('/api/v1/history/{view}', { from: daysAgo(1), latest: true, most: 100 }, { view: 'v_callback' }),
    [],
  );
  const outcome = (row: Record<string, unknown>) => {
    const known: Record<string, string> = {
      reached: t.reached,
      given_up: t.givenUp,
      cancelled_by_call: t.calledAgain,
      left_in_line: t.left,
      left_message: t.message,
    };
    return row['outcome'] == null ? t.isOpen : (known[String(row['outcome'])] ?? String(row['outcome']));
  };
  return (
    <section class="stack" aria-labelledby="asked">
      <h3 id="asked">{t.recent}</h3>
      <Loading of={found}>
        {(page) => (
          <Table
            caption={t.recent}
            rows={(page.rows as Record<string, unknown>[]).filter((row) => row['asked_us'] != null)}
            keyOf={(row) => `${String(row['contact'])} ${String(row['asked_us'])}`}
            columns={[
              { head: t.whom, cell: (row) => <a href={`#/contacts/${String(row['contact'])}`}>{String(row['number'] ?? '')}</a> },
              { head: w.value.queue, cell: (row) => queueName(row['queue'] as string) },
              { head: t.asked, cell: (row) => moment(row['asked_us'] as number) },
              { head: t.dials, cell: (row) => Number(row['dials'] ?? 0), isNumber: true },
              { head: t.outcome, cell: outcome },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}
