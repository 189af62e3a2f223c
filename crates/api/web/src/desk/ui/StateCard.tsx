import { secondsSince, span, timeOfDay } from '../../base/clock';
import { reasonWords, stateWords } from '../../base/common';
import { live } from '../../base/live';
import { language } from '../../base/words';
import { draftOf } from '../drafts';
import * as orders from '../orders';
import { atHand, me, MICROPHONE, queueOf, site } from '../state';
import { d } from '../words';
import { KeyButton, KeyOf } from './Key';

const SHAPES: Record<string, string> = {
  'logged-out': '○',
  available: '●',
  ringing: '☎',
  talking: '▶',
  holding: '❚❚',
  acw: '✎',
  aux: '◆',
  'other-call': '▷',
};
const COLOURS: Record<string, string> = {
  available: 'good',
  ringing: 'warn',
  talking: 'busy',
  holding: 'busy',
  'other-call': 'busy',
  acw: 'busy',
  aux: 'rest',
};

/** The own state with its clock, and what it may become. */
export function StateCard() {
  const t = d.value;
  const own = me.value;
  if (!own) return null;
  return (
    <section class="card state" aria-labelledby="state-title">
      <h2 id="state-title" class="unseen">
        {t.state}
      </h2>
      <p class={`big-state ${COLOURS[own.state] ?? ''}`}>
        <span aria-hidden="true">{SHAPES[own.state] ?? '○'} </span>
        {stateWords(own.state, own.reason ?? null)}
      </p>
      <p class="clock">
        <span class="unseen">{t.since('')}</span>
        <span class="time">{span(secondsSince(own.since))}</span>
      </p>
      <Acw />
      <BreakSpan />
      <Pending />
      {own.turn_at != null && (
        <p class="note-line">
          <span aria-hidden="true">◷ </span>
          {t.turnAt(timeOfDay(own.turn_at, language.value))}
        </p>
      )}
      <div class="row">
        {own.state === 'logged-out' && (
          <KeyButton of="logIn" isMain onClick={orders.logIn}>
            {t.logIn}
          </KeyButton>
        )}
        {own.state === 'aux' && (
          <KeyButton of="ready" isMain onClick={orders.ready}>
            {t.ready}
          </KeyButton>
        )}
        {own.state === 'acw' && (
          <>
            <KeyButton of="ready" isMain onClick={orders.ready}>
              {t.ready}
            </KeyButton>
            <KeyButton of="extendAcw" onClick={orders.extendAcw}>
              {t.extendAcw}
            </KeyButton>
          </>
        )}
        {own.state === 'available' && own.turn_at != null && (
          <button type="button" onClick={() => void orders.ready()}>
            {t.giveUpTurn}
          </button>
        )}
      </div>
    </section>
  );
}

/** How long after-call work lasts, and whether a code is missing. */
function Acw() {
  const t = d.value;
  const own = me.value;
  const contact = atHand.value;
  if (own?.state !== 'acw' || contact === null) return null;
  const queue = queueOf(contact.queue);
  const isOwed = queue?.wrap_up_required === true && draftOf(contact.contact).given === null;
  const left = queue?.acw == null ? null : queue.acw - secondsSince(own.since);
  return (
    <p class={isOwed ? 'note-line warn' : 'note-line'}>
      {isOwed ? (
        <>
          <span aria-hidden="true">▲ </span>
          {t.codeOwed}
        </>
      ) : left === null ? (
        t.acwManual
      ) : left > 0 ? (
        t.acwLeft(span(left))
      ) : null}
    </p>
  );
}

/** How long a break in turns still is, or since when it is over. */
function BreakSpan() {
  const t = d.value;
  const own = me.value;
  const reason = site.value?.aux_reasons.find((one) => one.name === own?.reason);
  if (own?.state !== 'aux' || reason?.span == null) return null;
  const left = reason.span - secondsSince(own.since);
  return (
    <p class={left < 0 ? 'note-line warn' : 'note-line'}>
      {left < 0 && <span aria-hidden="true">▲ </span>}
      {left < 0 ? t.breakLate(span(-left)) : t.breakEnds(span(left))}
    </p>
  );
}

/** What was asked for and waits for the end of the contact. */
function Pending() {
  const t = d.value;
  const waits = orders.pending.value;
  if (waits === null) return null;
  return (
    <div class="note-line">
      <p>{waits.reason === null ? t.pendingOut : t.pendingPause(reasonWords(waits.reason))}</p>
      <button type="button" onClick={() => void orders.ready()}>
        {t.stayReady}
      </button>
    </div>
  );
}

/** The reasons for a break, and the turns. */
export function Breaks() {
  const t = d.value;
  const own = me.value;
  const reasons = (site.value?.aux_reasons ?? []).filter((reason) => reason.name !== MICROPHONE);
  if (!own || own.state === 'logged-out') return null;
  return (
    <section class="card" aria-labelledby="pause-title">
      <h2 id="pause-title">
        {t.pause} <KeyOf of="pause" />
      </h2>
      <div class="row reasons">
        {reasons.map((reason, index) => (
          <button
            key={reason.name}
            id={index === 0 ? 'pause' : undefined}
            type="button"
            aria-pressed={own.state === 'aux' && own.reason === reason.name}
            onClick={() => void orders.pause(reason.name, reason.in_turns)}
          >
            {reasonWords(reason.name)}
            {reason.in_turns && <span class="soft"> · {t.askTurn}</span>}
          </button>
        ))}
        <button type="button" id={reasons.length === 0 ? 'pause' : undefined} onClick={() => void orders.logOut()}>
          {t.logOut}
        </button>
      </div>
      {reasons.some((reason) => reason.in_turns) && <Turns />}
    </section>
  );
}

/** Who is on a break in turns, and whose turn comes. */
function Turns() {
  const t = d.value;
  const inTurns = new Set(site.value?.aux_reasons.filter((reason) => reason.in_turns).map((reason) => reason.name));
  const agents = live.value?.room.agents ?? [];
  const away = agents.filter((agent) => agent.state === 'aux' && agent.reason != null && inTurns.has(agent.reason));
  const next = agents
    .filter((agent) => agent.turn_at != null)
    .sort((a, b) => (a.turn_at ?? 0) - (b.turn_at ?? 0))
    .slice(0, 4);
  if (away.length === 0 && next.length === 0) return null;
  return (
    <dl class="pairs" aria-label={t.lunchLine}>
      <dt>{t.away}</dt>
      <dd>{away.map((agent) => agent.display).join(', ') || t.nobody}</dd>
      <dt>{t.next}</dt>
      <dd>
        {next.map((agent) => `${timeOfDay(agent.turn_at ?? 0, language.value)} ${agent.display}`).join(', ') || t.nobody}
      </dd>
    </dl>
  );
}
