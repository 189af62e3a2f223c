import { useSignal } from '@preact/signals';
import { get, type Forms } from '../../base/http';
import { span } from '../../base/clock';
import { live } from '../../base/live';
import { act } from '../act';
import { every } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Field } from '../parts/Pick';
import { Table } from '../parts/Table';
import { agentName, isOperator, queueName, site } from '../site';
import { w } from '../words';
import { w as n } from '../words/numbers';

const DAY = 86_400;

/** Lists of callers, skills that commands changed, and banned addresses. */
export function Numbers() {
  const lists = site.value?.caller_lists ?? [];
  return (
    <div class="stack">
      {lists.length === 0 ? <p class="soft">{n.value.noLists}</p> : <Lists lists={lists} />}
      <Skills />
      {isOperator() && <Bans />}
    </div>
  );
}

function Lists({ lists }: { lists: string[] }) {
  const t = n.value;
  const list = useSignal(lists[0] ?? '');
  const rows = useLoad(() => get('/api/v1/caller-lists/{list}', undefined, { list: list.value }), [list.value, often()]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const number = String(data.get('number')).trim();
    const seconds = Math.round(Number(data.get('days')) * DAY);
    const undo = { do: 'unlist-caller', list: list.value, number } as const;
    if (await act({ do: 'list-caller', list: list.value, number, seconds }, t.added(number), undo)) form.reset();
    rows.again();
  };
  return (
    <section class="stack" aria-labelledby="lists">
      <h3 id="lists">{t.lists}</h3>
      <form class="row fields" onSubmit={(event) => void submit(event)}>
        <Field name={t.list}>
          <select value={list.value} onChange={(event) => (list.value = event.currentTarget.value)}>
            {lists.map((one) => (
              <option key={one}>{one}</option>
            ))}
          </select>
        </Field>
        <Field name={w.value.number}>
          <input name="number" required maxLength={40} inputMode="tel" />
        </Field>
        <Field name={t.days}>
          <input name="days" type="number" required min="1" max="3650" defaultValue="30" />
        </Field>
        <button type="submit" class="main">
          {w.value.add}
        </button>
      </form>
      <Loading of={rows}>
        {(found) => (
          <Table
            caption={t.lists}
            rows={found}
            keyOf={(row) => row.number}
            columns={[
              { head: w.value.number, cell: (row) => row.number },
              { head: t.does, cell: (row) => doesWords(row.does) },
              { head: t.by, cell: (row) => by(row.added) },
              { head: t.left, cell: (row) => (row.added == null ? t.planned : left(row.added.seconds_left)), isNumber: true },
              { head: w.value.do, cell: (row) => <Unlist row={row} again={rows.again} /> },
            ]}
          />
        )}
      </Loading>
    </section>
  );
}

function Unlist({ row, again }: { row: Forms['Listed']; again: () => void }) {
  const added = row.added;
  if (added == null) return null;
  const remove = async () => {
    const seconds = Math.max(1, added.seconds_left);
    const undo = { do: 'list-caller', list: row.list, number: row.number, seconds } as const;
    await act({ do: 'unlist-caller', list: row.list, number: row.number }, n.value.removed(row.number), undo);
    again();
  };
  return (
    <button type="button" aria-label={n.value.removeIt(row.number)} onClick={() => void remove()}>
      {w.value.remove}
    </button>
  );
}

const by = (added: Forms['Added'] | null | undefined) =>
  added == null ? n.value.inPlan : [added.by, added.why].filter(Boolean).join(': ');

const left = (seconds: number) => (seconds > 2 * DAY ? n.value.daysLeft(Math.round(seconds / DAY)) : span(seconds));

function Skills() {
  const t = n.value;
  const rows = useLoad(() => get('/api/v1/skills'), [often()]);
  return (
    <section class="stack" aria-labelledby="skills">
      <h3 id="skills">{t.skills}</h3>
      <Loading of={rows}>
        {(found) => (
          <Table
            caption={t.skills}
            rows={found.filter((row) => row.changed != null)}
            keyOf={(row) => `${row.agent} ${row.queue}`}
            columns={[
              { head: w.value.agent, cell: (row) => agentName(row.agent) },
              { head: w.value.queue, cell: (row) => queueName(row.queue) },
              { head: t.level, cell: (row) => row.level ?? w.value.none, isNumber: true },
              { head: t.planned, cell: (row) => row.planned ?? w.value.none, isNumber: true },
              { head: t.by, cell: (row) => by(row.changed) },
              { head: t.left, cell: (row) => (row.changed == null ? '' : left(row.changed.seconds_left)), isNumber: true },
              {
                head: w.value.do,
                cell: (row) => (
                  <button
                    type="button"
                    onClick={() =>
                      void act({ do: 'set-skill', agent: row.agent, queue: row.queue }, undefined, {
                        do: 'set-skill',
                        agent: row.agent,
                        queue: row.queue,
                        level: row.level ?? 0,
                        seconds: Math.max(1, row.changed?.seconds_left ?? 1),
                      }).then(rows.again)
                    }
                  >
                    {t.asPlanned}
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

function Bans() {
  const t = n.value;
  const rows = useLoad(() => get('/api/v1/bans'), [often()]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const address = String(data.get('address')).trim();
    await act({ do: 'ban', address, seconds: Number(data.get('hours')) * 3_600 }, t.banned(address), { do: 'lift-ban', address });
    rows.again();
  };
  return (
    <section class="stack" aria-labelledby="bans">
      <h3 id="bans">{t.bans}</h3>
      <form class="row fields" onSubmit={(event) => void submit(event)}>
        <Field name={t.address}>
          <input name="address" required maxLength={64} />
        </Field>
        <Field name={t.hours}>
          <input name="hours" type="number" required min="1" max="8760" defaultValue="24" />
        </Field>
        <button type="submit" class="danger">
          {t.ban}
        </button>
      </form>
      <Loading of={rows}>
        {(found) => (
          <Table
            caption={t.bans}
            rows={found}
            keyOf={(row) => row.source}
            columns={[
              { head: t.address, cell: (row) => row.source },
              { head: w.value.why, cell: (row) => whyWords(row.why) },
              { head: t.strikes, cell: (row) => row.strikes, isNumber: true },
              { head: t.dropped, cell: (row) => row.dropped, isNumber: true },
              { head: t.left, cell: (row) => left(row.seconds_left), isNumber: true },
              {
                head: w.value.do,
                cell: (row) => (
                  <button
                    type="button"
                    onClick={() =>
                      void act({ do: 'lift-ban', address: row.source.split('/')[0] ?? row.source }, undefined, {
                        do: 'ban',
                        address: row.source.split('/')[0] ?? row.source,
                        seconds: Math.max(1, row.seconds_left),
                      }).then(rows.again)
                    }
                  >
                    {t.lift}
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

/** Others change these lists too, and Undo does: they are read again every five seconds. */
const often = () => every(live.value?.at ?? 0, 5);

/** What a list does: `refuse`, or `prefer` with a priority. */
function doesWords(does: string): string {
  const [verb, priority] = does.split(' ');
  return verb === 'refuse' ? n.value.refuses : verb === 'prefer' ? n.value.prefers(priority ?? '') : does;
}

function whyWords(why: string): string {
  const known: Record<string, string> = { operator: n.value.byOperator, passwords: n.value.byPasswords };
  return known[why] ?? why;
}
