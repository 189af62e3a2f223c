import { get, type Forms } from '../../base/http';
import { timeOfDay } from '../../base/clock';
import { live } from '../../base/live';
import { language } from '../../base/words';
import { ask } from '../../base/ui/Confirm';
import { Since } from '../../wall/parts/Since';
import { act } from '../act';
import { daysAgo, every, moment } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Pick } from '../parts/Pick';
import { Table } from '../parts/Table';
import { agentName, queueName } from '../site';
import { w } from '../words';
import { w as c } from '../words/callbacks';

type Callback = Forms['CallbackForm'];

/** Who is to be called back and when, and what became of those of today and yesterday. */
export function Callbacks() {
  return (
    <div class="stack">
      <Waiting />
      <Asked />
    </div>
  );
}

function Waiting() {
  const t = c.value;
  const at = live.value?.at ?? 0;
  const stages = (live.value?.contacts ?? []).filter((one) => one.put_off || one.channel === 'callback' || one.stage === 'ringing');
  const found = useLoad(() => get('/api/v1/callbacks'), [stages.map((one) => `${one.contact}${one.stage}`).join(), every(at, 5)]);
  return (
    <section class="stack" aria-labelledby="callbacks">
      <h3 id="callbacks">{t.waiting(found.value.value?.length ?? 0)}</h3>
      <Loading of={found}>
        {(rows) => (
          <Table
            caption={t.waiting(rows.length)}
            rows={rows}
            keyOf={(one) => one.contact}
            toneOf={(one) => (one.stage !== 'later' && one.dials > 0 ? 'warn' : '')}
            columns={[
              { head: t.whom, cell: (one) => <a href={`#/contacts/${one.contact}`}>{one.number}</a> },
              { head: w.value.queue, cell: (one) => queueName(one.queue) },
              { head: w.value.state, cell: (one) => stageWords(one) },
              { head: t.due, cell: (one) => (one.due == null || one.due <= at ? t.now : timeOfDay(one.due, language.value)) },
              { head: t.until, cell: (one) => (one.until == null ? '' : timeOfDay(one.until, language.value)) },
              { head: t.dials, cell: (one) => one.dials, isNumber: true },
              { head: w.value.since, cell: (one) => <Since at={one.since} />, isNumber: true },
              { head: w.value.why, cell: (one) => whyWords(one.why) },
              { head: w.value.do, cell: (one) => <Deeds of={one} done={found.again} /> },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}

function stageWords(one: Callback): string {
  const t = c.value;
  const known: Record<string, string> = {
    later: t.later,
    waits: t.waits,
    'agent-rings': t.agentRings(agentName(one.agent)),
    'person-rings': t.personRings,
    greeted: t.greeted,
    'on-phone': t.onPhone,
  };
  return known[one.stage] ?? one.stage;
}

function whyWords(why: string): string {
  const t = c.value;
  const known: Record<string, string> = { waited: t.waited, 'long-wait': t.longWait, full: t.full, key: t.key, order: t.order };
  return known[why] ?? why;
}

function Deeds({ of: one, done }: { of: Callback; done: () => void }) {
  const t = c.value;
  const contact = one.contact;
  const free = (live.value?.room.agents ?? []).filter((agent) => agent.state !== 'logged-out');
  const withdraw = async () => {
    if (await ask(t.withdraw, t.withdrawIs(one.number), t.withdraw)) await act({ do: 'withdraw', contact });
    done();
  };
  return (
    <span class="row tight">
      {one.stage === 'waits' && (
        <Pick
          word={t.give}
          label={t.giveIt(one.number)}
          choices={free.map((agent) => [agent.extension, agent.display])}
          onPick={(agent) => void act({ do: 'pull', contact, agent }, t.given(agentName(agent)), { do: 'pull', contact })}
        />
      )}
      {one.stage !== 'on-phone' && (
        <button type="button" class="danger" aria-label={t.withdrawIt(one.number)} onClick={() => void withdraw()}>
          {t.withdraw}
        </button>
      )}
    </span>
  );
}

/** Callbacks of today and yesterday, by the history. */
function Asked() {
  const t = c.value;
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
