import { now, span, timeOfDay } from '../../base/clock';
import { post, signed } from '../../base/http';
import { ask } from '../../base/ui/Confirm';
import { tell } from '../../base/ui/Toasts';
import { language } from '../../base/words';
import { me, queueOf, site } from '../state';
import { KeyOf } from '../ui/Key';
import { dueAt, standing } from './order';
import { all, isShown, list, refreshCallbacks, type Callback } from './state';
import { c } from './words';

/** Where the key of the pane leads. */
export const CALLBACKS = 'callbacks-first';

/** Who is to be called back in the agent's queues, the overdue first; nothing where no queue calls back. */
export function Callbacks() {
  const t = c.value;
  if (all.value === null || !isShown.value) return null;
  const rows = list.value;
  const first = rows.find((one) => standing(one, now.peek() * 1_000) !== 'taken');
  return (
    <section class="card callbacks" aria-labelledby="callbacks-title">
      <h2 id="callbacks-title">
        {t.title} {rows.length > 0 && <span class="badge busy">{t.open(rows.length)}</span>} <KeyOf of="callbacks" />
      </h2>
      {rows.length === 0 ? (
        <p class="soft">{t.none}</p>
      ) : (
        <ul class="plain" onKeyDown={walk}>
          {rows.map((one) => (
            <One key={one.contact} of={one} isFirst={one === first} />
          ))}
        </ul>
      )}
    </section>
  );
}

/** Up and down lead to the same button of the next row. */
function walk(event: KeyboardEvent): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const from = event.target;
  if (by === 0 || !(from instanceof HTMLButtonElement)) return;
  const same = [...document.querySelectorAll<HTMLButtonElement>(`.callbacks button[data-do="${from.dataset['do'] ?? ''}"]`)];
  same[same.indexOf(from) + by]?.focus();
  event.preventDefault();
}

function One({ of: one, isFirst }: { of: Callback; isFirst: boolean }) {
  const t = c.value;
  const micros = now.value * 1_000;
  const stands = standing(one, micros);
  const facts = [
    queueOf(one.queue)?.display ?? one.queue,
    (t as unknown as Record<string, string>)[one.why] ?? one.why,
    one.dials > 0 ? t.dials(one.dials) : '',
    one.until == null ? '' : t.until(timeOfDay(one.until, language.value)),
  ];
  return (
    <li class={stands === 'overdue' ? 'overdue' : ''} data-contact={one.contact}>
      <p>
        <b>{one.number}</b> <span class={stands === 'overdue' ? 'late time' : 'time'}>{when(one, stands, micros)}</span>
      </p>
      <p class="soft small">{facts.filter((fact) => fact !== '').join(' · ')}</p>
      {stands !== 'taken' && <Deeds of={one} isFirst={isFirst} />}
    </li>
  );
}

function when(one: Callback, stands: 'later' | 'overdue' | 'taken', micros: number): string {
  const t = c.value;
  if (stands === 'later') return t.due(timeOfDay(dueAt(one), language.value));
  if (stands === 'overdue') return t.overdue(span((micros - dueAt(one)) / 1e6));
  if (one.stage === 'agent-rings') {
    if (one.agent === signed.value?.agent) return t.own;
    return t.rings(site.value?.agents.find((agent) => agent.extension === one.agent)?.display ?? one.agent ?? '');
  }
  return { 'person-rings': t.personRings, greeted: t.greeted, 'on-phone': t.onPhone }[one.stage] ?? one.stage;
}

function Deeds({ of: one, isFirst }: { of: Callback; isFirst: boolean }) {
  const t = c.value;
  const canCall = one.stage === 'waits' && me.value?.state !== 'logged-out';
  const send = async (deed: { do: 'call' } | { do: 'done' }, said: string) => {
    await tell(post('/api/v1/callbacks/{contact}/deeds', deed, { contact: one.contact }), said);
    await refreshCallbacks();
  };
  const done = async () => {
    if (await ask(t.done, t.doneSure(one.number), t.done)) await send({ do: 'done' }, t.ended);
  };
  return (
    <div class="row buttons">
      <button
        type="button"
        id={isFirst && canCall ? CALLBACKS : undefined}
        data-do="call"
        class="small"
        disabled={!canCall}
        aria-label={t.callIt(one.number)}
        onClick={() => void send({ do: 'call' }, t.called)}
      >
        {t.call}
      </button>
      <button
        type="button"
        id={isFirst && !canCall ? CALLBACKS : undefined}
        data-do="done"
        class="small quiet"
        aria-label={t.doneIt(one.number)}
        onClick={() => void done()}
      >
        {t.done}
      </button>
    </div>
  );
}
