import './conversations.css';
import { now, span, timeOfDay } from '../../base/clock';
import { wordsOf } from '../../base/said';
import { ask } from '../../base/ui/Confirm';
import { language } from '../../base/words';
import { draftOf as noteOf, typeDraft as typeNote } from '../drafts';
import type { Choice } from '../filter';
import * as orders from '../orders';
import { queueOf, site } from '../state';
import { Combo } from '../ui/Combo';
import { KeyButton } from '../ui/Key';
import { Answer } from './Answer';
import { does, save } from './deeds';
import { Log, whose } from './Log';
import { Search } from './Search';
import { answer } from './sending';
import { all, logs, offered, open, own, show, waiting, type Conversation } from './state';
import { c } from './words';
import { useSignal } from '@preact/signals';

/** The written conversations of the agent; nothing where the site has none. */
export function Pane() {
  const t = c.value;
  if (all.value === null) return null;
  return (
    <section class="card written" aria-labelledby="written-title">
      <h2 id="written-title">
        {t.title}
        {waiting.value > 0 && <span class="badge busy">{t.waiting(waiting.value)}</span>}
      </h2>
      {offered.value.map((one) => (
        <Offer key={one.conversation} of={one} />
      ))}
      {own.value.length === 0 ? <p class="soft">{t.none}</p> : <List />}
      {open.value && <Open key={open.value.conversation} of={open.value} />}
    </section>
  );
}

const channelWord = (of: Conversation) => {
  const t = c.value;
  return { chat: t.chat, whatsapp: t.whatsapp, email: t.email }[of.channel] ?? of.channel;
};

const clock = (of: Conversation) => {
  const t = c.value;
  if (of.stage === 'parked' && of.parked_until != null) return t.parked(timeOfDay(of.parked_until * 1_000, language.value));
  return of.waits_since == null ? t.nobodyWaits : t.waitsFor(span((now.value - of.waits_since) / 1_000));
};

function Offer({ of }: { of: Conversation }) {
  const t = c.value;
  return (
    <div class="written-offer" role="alert">
      <p>
        <b>{t.offered}</b> · {channelWord(of)} · {queueOf(of.queue)?.display ?? of.queue} · {clock(of)}
      </p>
      {of.last_words != null && (
        <p class="said" dir="auto">
          {of.last_words}
        </p>
      )}
      <div class="row buttons">
        <KeyButton of="written.take" isMain onClick={orders.takeOffer}>
          {t.take}
        </KeyButton>
        <button type="button" onClick={orders.decline}>
          {t.decline}
        </button>
      </div>
    </div>
  );
}

function List() {
  const t = c.value;
  return (
    <ul class="written-list">
      {own.value.map((one, place) => (
        <li key={one.conversation}>
          <button type="button" aria-current={open.value?.conversation === one.conversation} onClick={() => show(one.conversation)}>
            <span class="row">
              <b>{one.name ?? t.person}</b> <span class="soft">{channelWord(one)}</span>
              {one.unread > 0 && (
                <span class="badge warn">
                  <span aria-hidden="true">{one.unread}</span>
                  <span class="unseen">{t.unread(one.unread)}</span>
                </span>
              )}
              {place < 9 && <kbd aria-hidden="true">Alt+{place + 1}</kbd>}
            </span>
            <span class="written-last" dir="auto">
              {one.is_typing ? t.typing : (one.last_words ?? '')}
            </span>
            <span class="soft small time">{clock(one)}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

function Open({ of }: { of: Conversation }) {
  const t = c.value;
  const title = [channelWord(of), queueOf(of.queue)?.display ?? of.queue, of.address, of.subject].filter(Boolean).join(' · ');
  return (
    <div class="written-open">
      <h3 dir="auto">
        {of.name ?? t.person} <span class="soft">{title}</span>
      </h3>
      {of.marks.length > 0 && <p class="small soft">{of.marks.join(' · ')}</p>}
      {of.rating != null && <p class="badge good">{t.rated(of.rating)}</p>}
      <Log of={of} />
      <Answer of={of} />
      <Cards of={of} />
      <Further of={of} />
    </div>
  );
}

function Cards({ of }: { of: Conversation }) {
  const t = c.value;
  const send = (procedure: { id: string; name: string }) => answer(of.conversation, { card: procedure.id, shown: procedure.name });
  return (
    <div class="field">
      <Search id="written-procedure" label={t.procedure} hint={t.procedureHint} onChoose={send} />
      {of.procedures.length > 0 && (
        <div class="row buttons" role="group" aria-label={t.likely}>
          {of.procedures.slice(0, 3).map((one) => (
            <button key={one.id} type="button" class="small" onClick={() => send(one)}>
              {t.sendCard(one.name)}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

const PARKED_MINUTES = [15, 60, 240, 1_440];

/** What becomes of it: a pause, another queue or agent, a call, its end. */
function Further({ of }: { of: Conversation }) {
  const t = c.value;
  const id = of.conversation;
  const to = useSignal('');
  const queues: Choice[] = (site.value?.queues ?? []).map((one) => ({ id: `q ${one.name}`, name: one.display, mark: '', kind: t.queueKind }));
  const agents: Choice[] = (site.value?.agents ?? []).map((one) => ({ id: `a ${one.extension}`, name: one.display, mark: one.extension, kind: t.agentKind }));
  const codes: Choice[] = (site.value?.wrap_up_codes ?? []).map((one) => ({ id: one.code, name: one.name, mark: one.code }));
  const note = noteOf(-id);
  const pass = async (choice: Choice | null) => {
    if (choice === null) return;
    to.value = '';
    const name = choice.id.slice(2);
    await does(id, choice.id.startsWith('q ') ? { do: 'to-queue', queue: name } : { do: 'to-agent', agent: name }, t.transferred(choice.name));
  };
  const finish = async (choice: Choice | null, text: string) => {
    if (await does(id, { do: 'finish', code: choice?.id ?? (text === '' ? null : text) }, t.finished)) typeNote(-id, { typed: '' });
  };
  const call = async () => {
    if (await ask(t.call, of.address ?? '', t.call, false)) await does(id, { do: 'call' });
  };
  const transcript = () => {
    const lines = (logs.value[id] ?? []).map((one) => `${new Date(one.at).toISOString()} ${whose(one, of)}\n${wordsOf(one.body, t)}\n`);
    const address = URL.createObjectURL(new Blob([lines.join('\n')], { type: 'text/plain;charset=utf-8' }));
    save(address, `${of.channel}-${id}.txt`);
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  };
  return (
    <div class="written-further">
      <Combo
        id="written-finish"
        label={t.finish}
        hint={t.finishHint}
        choices={codes}
        typed={note.typed}
        onType={(typed) => typeNote(-id, { typed })}
        takesAnything={codes.length === 0}
        onChoose={(choice, text) => void finish(choice, text)}
      />
      <Combo id="written-transfer" label={t.transfer} hint={t.transferHint} choices={[...queues, ...agents]} typed={to.value} onType={(typed) => (to.value = typed)} onChoose={(choice) => void pass(choice)} />
      <div class="field">
        <label for="written-park">{t.park}</label>
        <select
          id="written-park"
          value=""
          onChange={(event) => {
            const minutes = Number(event.currentTarget.value);
            event.currentTarget.value = '';
            if (minutes > 0) void does(id, { do: 'park', until: Math.round(now.value) + minutes * 60_000 });
          }}
        >
          <option value="">{t.parkFor}</option>
          {PARKED_MINUTES.map((many) => (
            <option key={many} value={many}>
              {many < 60 ? t.minutes(many) : t.hours(many / 60)}
            </option>
          ))}
        </select>
      </div>
      <div class="row buttons">
        {of.address != null && of.channel !== 'email' && (
          <button type="button" onClick={() => void call()}>
            {t.call}
          </button>
        )}
        <button type="button" class="quiet" onClick={transcript}>
          {t.transcript}
        </button>
      </div>
    </div>
  );
}
