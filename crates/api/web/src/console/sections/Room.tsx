import { signal, useSignal } from '@preact/signals';
import { stateWords } from '../../base/common';
import { timeOfDay } from '../../base/clock';
import type { Forms, Order } from '../../base/http';
import { live } from '../../base/live';
import { ask } from '../../base/ui/Confirm';
import { language } from '../../base/words';
import { tiles, type Need } from '../../wall/figures';
import { Shape } from '../../wall/parts/Shape';
import { Since } from '../../wall/parts/Since';
import { act } from '../act';
import { useHeld } from '../held';
import { Field, Pick } from '../parts/Pick';
import { Table } from '../parts/Table';
import { goTo } from '../place';
import { extension, queueName, site } from '../site';
import { w } from '../words';
import { w as r } from '../words/room';

type Agent = Forms['AgentForm'];

/** Agents with their states, and what a supervisor does with them. */
export function Room() {
  const now = live.value;
  const own = extension();
  const held = useHeld();
  if (now === null) return null;
  const t = r.value;
  const needs = new Map(tiles(now).map((tile) => [tile.agent.extension, tile.need]));
  const queues = new Map(now.contacts.map((contact) => [contact.contact, contact.queue]));
  const out = now.room.agents.filter((agent) => agent.state === 'logged-out').map((agent) => agent.extension);
  const rows = held.rows(now.room.agents, (agent) => agent.extension, [...needs.keys(), ...out]);
  return (
    <div class="stack">
      <Observing own={own} />
      <div {...held.handlers}>
        <Table
          caption={w.value.room}
          rows={rows}
          keyOf={(agent) => agent.extension}
          toneOf={(agent) => toneOf(needs.get(agent.extension) ?? 'none')}
          columns={[
            { head: w.value.agent, cell: (agent) => <Name agent={agent} /> },
            { head: w.value.state, cell: (agent) => <State agent={agent} need={needs.get(agent.extension) ?? 'none'} /> },
            { head: w.value.since, cell: (agent) => <Since at={agent.since} />, isNumber: true },
            {
              head: w.value.contact,
              cell: (agent) =>
                agent.contact == null ? '' : <a href={`#/contacts/${agent.contact}`}>{queueName(queues.get(agent.contact)) || agent.contact}</a>,
            },
            { head: t.answered, cell: (agent) => agent.answered, isNumber: true },
            { head: t.missed, cell: (agent) => agent.missed, isNumber: true },
            {
              head: w.value.do,
              cell: (agent) => (
                <span class="row tight">
                  <Deeds agent={agent} />
                  <Observe agent={agent} own={own} />
                </span>
              ),
            },
          ]}
        />
      </div>
      <Skill />
    </div>
  );
}

const toneOf = (need: Need) => (need === 'none' || need === 'near' ? '' : need === 'overstay' || need === 'rona' || need === 'phone' ? 'bad' : 'warn');

function Name({ agent }: { agent: Agent }) {
  return (
    <>
      {agent.display} {!agent.display.includes(agent.extension) && <span class="soft">{agent.extension}</span>}
    </>
  );
}

function State({ agent, need }: { agent: Agent; need: Need }) {
  const t = r.value;
  const said: Partial<Record<Need, string>> = { overstay: t.overstay, past: t.past, near: t.near, acw: t.long, break: t.long };
  return (
    <>
      <Shape of={toneOf(need) ? 'alarm' : agent.state} /> {stateWords(agent.state, agent.reason ?? null)}
      {said[need] && <strong> · {said[need]}</strong>}
      {agent.turn_at != null && <span class="soft"> · {t.turn(timeOfDay(agent.turn_at, language.value))}</span>}
    </>
  );
}

/** Listening, whispering, barging in, from the own extension. */
function Observe({ agent, own }: { agent: Agent; own: string }) {
  const t = r.value;
  if (agent.contact == null || (agent.state !== 'talking' && agent.state !== 'holding') || agent.extension === own) return null;
  const contact = agent.contact;
  return (
    <Pick
      word={t.observe}
      label={t.observeWhom(agent.display)}
      disabled={!own}
      choices={[
        ['listen', t.listen],
        ['whisper', t.whisper],
        ['barge', t.barge],
      ]}
      onPick={(how) => void observe(own, contact, how as How)}
    />
  );
}

type How = 'listen' | 'whisper' | 'barge';

/** How the supervisor observes, as far as this page has ordered it; another page may have changed it. */
const how = signal<How | null>(null);

async function observe(own: string, contact: number, as: How): Promise<void> {
  if (await act({ do: 'observe', agent: own, contact, how: as }, r.value.ringsYou)) how.value = as;
}

async function change(own: string, as: How): Promise<void> {
  if (await act({ do: 'change-observing', agent: own, how: as })) how.value = as;
}

/** What the supervisor does while observing. */
function Observing({ own }: { own: string }) {
  const t = r.value;
  const me = live.value?.room.agents.find((agent) => agent.extension === own);
  if (!own) return <p class="soft">{t.noExtension}</p>;
  if (me?.state !== 'other-call') return null;
  const ways: [How, string][] = [
    ['listen', t.listen],
    ['whisper', t.whisper],
    ['barge', t.barge],
  ];
  return (
    <section class="card row" aria-label={t.observing}>
      <strong>{t.observing}</strong>
      {ways.map(([way, word]) => (
        <button key={way} type="button" aria-pressed={how.value === way} onClick={() => void change(own, way)}>
          {word}
        </button>
      ))}
      <button type="button" class="danger" onClick={() => void takeOver(own)}>
        {t.takeOver}
      </button>
      <button type="button" onClick={() => void act({ do: 'stop-observing', agent: own })}>
        {t.stop}
      </button>
    </section>
  );
}

async function takeOver(own: string): Promise<void> {
  const t = r.value;
  if (await ask(t.takeOver, t.takeOverIs, t.takeOver)) await act({ do: 'take-over', agent: own });
}

/** The order that brings an agent back to the state from before, if one does. */
function back(agent: Agent): Order | undefined {
  if (agent.state === 'available') return { do: 'ready', agent: agent.extension };
  const planned = agent.reason != null && site.value?.aux_reasons.some((reason) => reason.name === agent.reason);
  return agent.state === 'aux' && planned ? { do: 'aux', agent: agent.extension, reason: agent.reason ?? '' } : undefined;
}

/** What may be done with an agent. */
function Deeds({ agent }: { agent: Agent }) {
  const t = r.value;
  const it = agent.extension;
  const isOut = agent.state === 'logged-out';
  const reasons = (site.value?.aux_reasons ?? []).map((reason): [string, string] => [`aux ${reason.name}`, t.away(reason.name)]);
  const choices: [string, string][] = [
    ...(isOut ? [['log-in', t.logIn] as [string, string]] : []),
    ...(agent.state === 'aux' ? [['ready', t.ready] as [string, string]] : []),
    ...(agent.state === 'acw' ? [['end-acw', t.endAcw] as [string, string]] : []),
    ...(isOut ? [] : reasons),
    ...(isOut ? [] : [['log-out', t.logOut] as [string, string]]),
    ['why-not', t.whyNot],
  ];
  return <Pick word={w.value.do} label={t.doWith(agent.display)} choices={choices} onPick={(deed) => void obey(deed, agent, it)} />;
}

async function obey(deed: string, agent: Agent, it: string): Promise<void> {
  const t = r.value;
  const [verb, reason] = [deed.split(' ')[0], deed.slice(4)];
  switch (verb) {
    case 'log-in':
      await act({ do: 'log-in', agent: it }, undefined, { do: 'log-out', agent: it });
      return;
    case 'ready':
      await act({ do: 'ready', agent: it }, t.isReady(agent.display), back(agent));
      return;
    case 'end-acw':
      await act({ do: 'end-acw', agent: it });
      return;
    case 'aux':
      await act({ do: 'aux', agent: it, reason }, t.isAway(agent.display, reason), back(agent));
      return;
    case 'log-out':
      if (await ask(t.logOut, t.logOutIs(agent.display), t.logOut)) await act({ do: 'log-out', agent: it });
      return;
    default:
      goTo('contacts', `agent ${it}`);
  }
}

/** A skill for a time, as when a queue needs help today. */
function Skill() {
  const t = r.value;
  const agent = useSignal('');
  const queue = useSignal('');
  const level = useSignal('1');
  const hours = useSignal('');
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const [of, to] = [agent.value, queue.value];
    const span = hours.value === '' ? {} : { seconds: Math.round(Number(hours.value) * 3_600) };
    const chosen = level.value === 'plan' ? {} : { level: Number(level.value) };
    await act({ do: 'set-skill', agent: of, queue: to, ...chosen, ...span }, undefined, { do: 'set-skill', agent: of, queue: to });
  };
  return (
    <form class="card stack" onSubmit={(event) => void submit(event)}>
      <h3>{t.skill}</h3>
      <div class="row fields">
        <Field name={w.value.agent}>
          <select required value={agent.value} onChange={(event) => (agent.value = event.currentTarget.value)}>
            <option value="" />
            {site.value?.agents.map((one) => (
              <option key={one.extension} value={one.extension}>
                {one.display} {one.extension}
              </option>
            ))}
          </select>
        </Field>
        <Field name={w.value.queue}>
          <select required value={queue.value} onChange={(event) => (queue.value = event.currentTarget.value)}>
            <option value="" />
            {site.value?.queues.map((one) => (
              <option key={one.name} value={one.name}>
                {one.display}
              </option>
            ))}
          </select>
        </Field>
        <Field name={t.level}>
          <select value={level.value} onChange={(event) => (level.value = event.currentTarget.value)}>
            {Array.from({ length: 16 }, (_, place) => (
              <option key={place} value={String(place + 1)}>
                {place === 0 ? t.best : place + 1}
              </option>
            ))}
            <option value="0">{t.noSkill}</option>
            <option value="plan">{t.asPlanned}</option>
          </select>
        </Field>
        <Field name={t.forHours}>
          <input
            type="number"
            min="0.5"
            max="720"
            step="0.5"
            placeholder={t.toEndOfDay}
            value={hours.value}
            onInput={(event) => (hours.value = event.currentTarget.value)}
          />
        </Field>
        <button type="submit" class="main">
          {t.setSkill}
        </button>
      </div>
    </form>
  );
}
