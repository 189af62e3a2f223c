import { useSignal } from '@preact/signals';
import { get, type Forms } from '../../base/http';
import { live } from '../../base/live';
import { ask } from '../../base/ui/Confirm';
import { span } from '../../base/clock';
import { Since } from '../../wall/parts/Since';
import { act } from '../act';
import { useHeld } from '../held';
import { moment } from '../days';
import { useLoad } from '../load';
import { Ladder } from '../parts/Ladder';
import { Loading } from '../parts/Loading';
import { Field, Pick } from '../parts/Pick';
import { askedFor, Search, within } from '../parts/Search';
import { Table } from '../parts/Table';
import { Why } from '../parts/Why';
import { agentName, queueName, site } from '../site';
import { w } from '../words';
import { w as c } from '../words/contacts';

type Contact = Forms['ContactForm'];

/** Open contacts and past ones, or the story of one of them. */
export function Contacts({ what }: { what: string | null }) {
  if (what?.startsWith('agent ')) return <WhyNot agent={what.slice(6)} />;
  if (what !== null) return <Story contact={what} />;
  return (
    <div class="stack">
      <Open />
      <Past />
    </div>
  );
}

const waits = (contact: Contact) => !contact.put_off && (contact.stage === 'waiting' || contact.stage === 'ringing');

function Open() {
  const t = c.value;
  const held = useHeld();
  const all = live.value?.contacts ?? [];
  // Who waits stands first: that is where something can be done.
  const first = all.filter(waits);
  const rest = all.filter((contact) => !waits(contact));
  const open = held.rows(all, (contact) => contact.contact, [...first, ...rest].map((contact) => contact.contact));
  return (
    <section class="stack" aria-labelledby="open" {...held.handlers}>
      <h3 id="open">{t.open(live.value?.open ?? 0)}</h3>
      <Table
        caption={t.open(open.length)}
        rows={open}
        keyOf={(contact) => contact.contact}
        toneOf={(contact) => (contact.breached ? 'warn' : '')}
        columns={[
          { head: w.value.contact, cell: (contact) => <a href={`#/contacts/${contact.contact}`}>{contact.from}</a> },
          { head: w.value.queue, cell: (contact) => queueName(contact.queue) },
          { head: t.stage, cell: (contact) => stageWords(contact) },
          { head: w.value.agent, cell: (contact) => agentName(contact.agent) },
          { head: t.total, cell: (contact) => <Since at={contact.arrived} />, isNumber: true },
          { head: t.priority, cell: (contact) => contact.priority, isNumber: true },
          { head: w.value.do, cell: (contact) => <Deeds contact={contact} /> },
        ]}
      />
    </section>
  );
}

export function stageWords(contact: Contact): string {
  const t = c.value;
  if (contact.put_off) return t.putOff;
  const known: Record<string, string> = {
    arrived: t.inMenu,
    waiting: t.waits,
    ringing: t.rings,
    talking: t.talks,
    holding: t.held,
    leaving: t.leaves,
  };
  return known[contact.stage] ?? contact.stage;
}

function Deeds({ contact }: { contact: Contact }) {
  const t = c.value;
  const number = contact.contact;
  const moves = (site.value?.queues ?? []).filter((queue) => queue.name !== contact.queue);
  const givers = (live.value?.room.agents ?? []).filter((agent) => agent.state !== 'logged-out');
  // What talks is the agent's to end.
  if (!waits(contact)) return null;
  return (
    <span class="row tight">
      <Pick
        word={t.move}
        label={t.moveIt(contact.from)}
        choices={moves.map((queue) => [queue.name, queue.display])}
        onPick={(queue) =>
          void act(
            { do: 'move', contact: number, queue },
            t.moved(queueName(queue)),
            contact.queue == null ? undefined : { do: 'move', contact: number, queue: contact.queue },
          )
        }
      />
      <Pick
        word={t.priority}
        label={t.prioritiseIt(contact.from)}
        choices={[0, 1, 3, 5, 9].map((one) => [String(one), one === 0 ? t.normal : String(one)])}
        onPick={(priority) =>
          void act({ do: 'prioritise', contact: number, priority: Number(priority) }, undefined, {
            do: 'prioritise',
            contact: number,
            priority: contact.priority,
          })
        }
      />
      <Pick
        word={t.pull}
        label={t.pullIt(contact.from)}
        choices={givers.map((agent) => [agent.extension, agent.display])}
        onPick={(agent) => void act({ do: 'pull', contact: number, agent }, t.pulled(agentName(agent)), { do: 'pull', contact: number })}
      />
      <button type="button" class="danger" aria-label={t.endIt(contact.from)} onClick={() => void end(contact)}>
        {t.end}
      </button>
    </span>
  );
}

async function end(contact: Contact): Promise<void> {
  const t = c.value;
  const isCall = contact.channel === 'voice';
  if (!(await ask(t.end, t.endIs(contact.from), t.end))) return;
  await act(isCall ? { do: 'end', contact: contact.contact } : { do: 'withdraw', contact: contact.contact });
}

/** A search in the history. */
function Past() {
  const t = c.value;
  const asked = useSignal(askedFor(0));
  const most = useSignal(50);
  const found = useLoad(() => {
    const { more: contact } = asked.value;
    const which = contact === '' ? within(asked.value) : { contact: Number(contact) };
    return get('/api/v1/history/{view}', { ...which, latest: true, most: most.value }, { view: 'v_contact' });
  }, [asked.value, most.value]);
  return (
    <section class="stack" aria-labelledby="past">
      <h3 id="past">{t.past}</h3>
      <Search asked={asked}>
        <Field name={t.byNumber}>
          <input name="more" inputMode="numeric" pattern="[0-9]*" maxLength={20} />
        </Field>
      </Search>
      <Loading of={found}>
        {(page) => (
          <>
            <Table
              caption={t.past}
              rows={page.rows as Record<string, unknown>[]}
              keyOf={(row) => Number(row['contact'])}
              columns={[
                { head: t.caller, cell: (row) => <a href={`#/contacts/${String(row['contact'])}`}>{String(row['caller'] ?? row['contact'])}</a> },
                { head: t.arrived, cell: (row) => moment(row['arrived_us'] as number) },
                { head: w.value.queue, cell: (row) => queueName(row['last_queue'] as string | null) },
                { head: t.outcome, cell: (row) => outcomeWords(String(row['outcome'] ?? (row['is_open'] ? 'open' : ''))) },
                { head: w.value.agent, cell: (row) => agentName(row['last_agent'] as string | null) },
                { head: t.waited, cell: (row) => millis(row['waited_ms']), isNumber: true },
                { head: t.talked, cell: (row) => millis(row['talk_ms']), isNumber: true },
              ]}
            />
            {page.next != null && (
              <button type="button" onClick={() => (most.value = Math.min(1_000, most.value * 2))}>
                {w.value.more}
              </button>
            )}
          </>
        )}
      </Loading>
    </section>
  );
}

const millis = (value: unknown) => (typeof value === 'number' ? span(value / 1000) : '');

function outcomeWords(outcome: string): string {
  const t = c.value;
  const known: Record<string, string> = {
    answered: t.wasAnswered,
    abandoned: t.gaveUp,
    outflowed: t.outflowed,
    dequeued: t.elsewhere,
    turned_away: t.turnedAway,
    open: t.isOpen,
  };
  return known[outcome] ?? outcome;
}

/** What happened to one contact: sentences, and the ladder of its messages. */
function Story({ contact }: { contact: string }) {
  const t = c.value;
  const number = Number(contact);
  const why = useLoad(() => get('/api/v1/contacts/{contact}/why', undefined, { contact: number }), [number]);
  const trace = useLoad(() => get('/api/v1/contacts/{contact}/trace', undefined, { contact: number }), [number]);
  const now = live.value?.contacts.find((one) => one.contact === number);
  return (
    <div class="stack">
      <p class="row">
        <a href="#/contacts">← {t.backToAll}</a>
        <span class="soft">{contact}</span>
        {now && <Deeds contact={now} />}
        <button
          type="button"
          onClick={() => {
            why.again();
            trace.again();
          }}
        >
          {t.readAgain}
        </button>
      </p>
      <section class="stack" aria-labelledby="why">
        <h3 id="why">{t.why}</h3>
        <Loading of={why}>{(told) => <Why told={told} />}</Loading>
      </section>
      <section class="stack" aria-labelledby="ladder">
        <h3 id="ladder">{t.ladder}</h3>
        <Loading of={trace}>{(entries) => <Ladder entries={entries} />}</Loading>
      </section>
    </div>
  );
}

/** Why an agent gets nothing now. */
function WhyNot({ agent }: { agent: string }) {
  const t = c.value;
  const why = useLoad(() => get('/api/v1/agents/{extension}/why-not', {}, { extension: agent }), [agent]);
  return (
    <div class="stack">
      <a href="#/room">← {w.value.room}</a>
      <h3>{t.whyNot(agentName(agent))}</h3>
      <Loading of={why}>{(told) => <Why told={told} />}</Loading>
    </div>
  );
}
