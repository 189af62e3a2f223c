import { span } from '../../base/clock';
import { secondsSince } from '../../base/clock';
import { stateWords } from '../../base/common';
import { live } from '../../base/live';
import { language } from '../../base/words';
import { atHand, desk, earlier, me, queueOf, site, why, type Said } from '../state';
import { d } from '../words';

/** Why the contact came to this agent, and earlier contacts of the same citizen. */
export function AboutContact() {
  const t = d.value;
  const contact = atHand.value;
  if (contact === null) return null;
  const story = why.value?.of === contact.contact ? why.value.sentences : [];
  const known = earlier.value?.of === contact.contact ? earlier.value.told.contacts : [];
  return (
    <>
      <section class="card" aria-labelledby="why-title">
        <h2 id="why-title">{t.why}</h2>
        {story.length === 0 ? (
          <p class="soft">{t.whyNone}</p>
        ) : (
          <>
            <Sentences of={story.filter((said) => said.kind === 'offered').slice(-1)} />
            <details>
              <summary>{t.whole}</summary>
              <Sentences of={story} />
            </details>
          </>
        )}
      </section>
      <section class="card" aria-labelledby="earlier-title">
        <h2 id="earlier-title">{t.earlier}</h2>
        {known.length === 0 ? (
          <p class="soft">{t.earlierNone}</p>
        ) : (
          <ul class="plain">
            {known.map((one) => (
              <li key={one.contact}>
                <strong>{day(one.arrived)}</strong> {queueOf(one.queue)?.display ?? one.queue} · {outcome(one.outcome)}
                <span class="soft">
                  {one.agent != null && ` · ${nameOf(one.agent)}`}
                  {one.wrap_up != null && ` · ${codeOf(one.wrap_up)}`}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function Sentences({ of }: { of: Said[] }) {
  return (
    <ul class="sentences">
      {of.map((said, index) => (
        <li key={index}>{said.text}</li>
      ))}
    </ul>
  );
}

function day(micros: number): string {
  const when = new Date(micros / 1000);
  return when.toLocaleString(language.value, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

function nameOf(agent: string): string {
  return site.value?.agents.find((one) => one.name === agent)?.display ?? agent;
}

function codeOf(code: string): string {
  const known = site.value?.wrap_up_codes.find((one) => one.code === code);
  return known ? `${known.code} ${known.name}` : code;
}

function outcome(word: string | null | undefined): string {
  const t = d.value;
  const words: Record<string, string> = {
    answered: t.outcome_answered,
    abandoned: t.outcome_abandoned,
    outflowed: t.outcome_outflowed,
    dequeued: t.outcome_dequeued,
    turned_away: t.outcome_turned_away,
  };
  return words[word ?? ''] ?? t.outcome_unknown;
}

/** The queues that the agent serves, with what waits in them. */
export function Queues() {
  const t = d.value;
  const own = site.value?.agents.find((agent) => agent.extension === me.value?.extension);
  const queues = (live.value?.room.queues ?? []).filter((queue) => own?.queues.includes(queue.name));
  if (queues.length === 0) return null;
  return (
    <section class="card" aria-labelledby="queues-title">
      <h2 id="queues-title">{t.waiting}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.queue}</th>
            <th scope="col" class="number">
              {t.inLine}
            </th>
            <th scope="col" class="number">
              {t.longest}
            </th>
            <th scope="col" class="number">
              {t.free}
            </th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.name}>
              <th scope="row">
                {queue.display}
                <Silent queue={queue.name} />
              </th>
              <td class="number">{queue.waiting}</td>
              <td class="number">{queue.waiting_since == null ? '' : span(secondsSince(queue.waiting_since))}</td>
              <td class="number">{queue.available}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Silent({ queue }: { queue: string }) {
  const t = d.value;
  const rows = (desk.value?.waiting ?? []).filter((row) => row.queue === queue);
  if (rows.length === 0) return null;
  return (
    <span class="soft small">
      {rows
        .map(
          (row) =>
            `${row.count} ${row.channel === 'callback' ? t.callbacksWait : t.messagesWait} (${span(secondsSince(row.oldest))})`,
        )
        .join(', ')}
    </span>
  );
}

/** Own figures since midnight. */
export function Figures() {
  const t = d.value;
  const told = desk.value;
  if (told === null) return null;
  const { today } = told;
  const rows: [string, string][] = [
    [t.answeredMany, String(today.answered)],
    [t.missedMany, String(today.missed)],
    [t.aht, today.aht == null ? '-' : span(today.aht)],
    [t.within, today.within_target == null ? '-' : `${Math.round(today.within_target * 100)} %`],
    [t.transferredMany, String(today.transferred)],
    [t.owedMany, String(today.codes_owed)],
    [t.staffed, span(told.times.reduce((sum, time) => sum + time.seconds, 0))],
  ];
  return (
    <section class="card" aria-labelledby="today-title">
      <h2 id="today-title">{t.today}</h2>
      <dl class="figures">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary>{t.timeIn}</summary>
        <dl class="pairs">
          {told.times.map((time) => (
            <div key={`${time.state} ${time.reason ?? ''}`} class="pair">
              <dt>{stateWords(time.state, time.reason ?? null)}</dt>
              <dd class="time">{span(time.seconds)}</dd>
            </div>
          ))}
        </dl>
      </details>
    </section>
  );
}
