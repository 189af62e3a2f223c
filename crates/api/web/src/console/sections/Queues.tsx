import { useSignal } from '@preact/signals';
import { span } from '../../base/clock';
import type { Forms } from '../../base/http';
import { live } from '../../base/live';
import { ask } from '../../base/ui/Confirm';
import { Channels } from '../parts/Channels';
import { percent } from '../../wall/figures';
import { Since } from '../../wall/parts/Since';
import { act } from '../act';
import { moment } from '../days';
import { Field, Pick } from '../parts/Pick';
import { Table } from '../parts/Table';
import { extension, queueName, site } from '../site';
import { w } from '../words';
import { w as q } from '../words/queues';

type Queue = Forms['QueueForm'];
type State = 'open' | 'paused' | 'closed';

/** Queues with their figures, what they tell their callers, and who gave up. */
export function Queues() {
  const t = q.value;
  const now = live.value;
  if (now === null) return null;
  const own = extension();
  return (
    <div class="stack">
      <Table
        caption={w.value.queues}
        rows={now.room.queues}
        keyOf={(queue) => queue.name}
        toneOf={(queue) => (queue.state === 'open' ? '' : 'warn')}
        columns={[
          { head: w.value.queue, cell: (queue) => queue.display },
          { head: w.value.state, cell: (queue) => <Turn queue={queue} /> },
          { head: t.waiting, cell: (queue) => queue.waiting, isNumber: true },
          { head: t.longest, cell: (queue) => (queue.waiting_since == null ? '' : <Since at={queue.waiting_since} />), isNumber: true },
          { head: t.free, cell: (queue) => `${queue.available} / ${queue.staffed}`, isNumber: true },
          { head: t.inTime, cell: (queue) => `${percent(queue.recent.service_level)} · ${percent(queue.service_level)}`, isNumber: true },
          { head: t.answered, cell: (queue) => queue.answered, isNumber: true },
          { head: t.lost, cell: (queue) => `${queue.recent.abandoned} · ${queue.abandoned}`, isNumber: true },
          {
            head: t.tell,
            cell: (queue) => (
              <span class="row tight">
                <Pick
                  word={t.announce}
                  label={t.announceTo(queue.display)}
                  choices={(site.value?.prompts ?? []).map((prompt) => [prompt, prompt])}
                  onPick={(prompt) => void announce(queue, prompt)}
                />
                <button
                  type="button"
                  disabled={!own}
                  aria-label={t.speakTo(queue.display)}
                  onClick={() => void act({ do: 'speak', agent: own, queue: queue.name }, t.ringsYou)}
                >
                  {t.speak}
                </button>
              </span>
            ),
          },
        ]}
      />
      <p class="soft">{t.figuresAre}</p>
      <Channels all={now.room.channels} />
      <Emergency />
      <section class="stack" aria-labelledby="lost">
        <h3 id="lost">{t.toCallBack}</h3>
        <Table
          caption={t.toCallBack}
          rows={now.lost}
          keyOf={(lost) => lost.contact}
          columns={[
            { head: t.caller, cell: (lost) => <a href={`#/contacts/${lost.contact}`}>{lost.from}</a> },
            { head: w.value.queue, cell: (lost) => queueName(lost.queue) },
            { head: t.gaveUpAt, cell: (lost) => moment(lost.at) },
            { head: t.waited, cell: (lost) => span(lost.waited), isNumber: true },
            {
              head: w.value.do,
              cell: (lost) => (
                <button type="button" disabled={lost.from.startsWith('*')} onClick={() => void callBack(lost)}>
                  {t.callBack}
                </button>
              ),
            },
          ]}
        />
      </section>
    </div>
  );
}

/** Opens, pauses or closes a queue. Closing it asks first. */
function Turn({ queue }: { queue: Queue }) {
  const t = q.value;
  const words: Record<State, string> = { open: t.open, paused: t.paused, closed: t.closed };
  const turn = async (state: State) => {
    if (state === 'closed' && !(await ask(t.close(queue.display), t.closeIs, t.closeIt))) return;
    const undo = { do: 'set-queue', queue: queue.name, state: queue.state as State } as const;
    await act({ do: 'set-queue', queue: queue.name, state }, `${queue.display}: ${words[state]}.`, undo);
  };
  return (
    <select
      aria-label={t.stateOf(queue.display)}
      value={queue.state}
      onChange={(event) => {
        const chosen = event.currentTarget.value as State;
        event.currentTarget.value = queue.state;
        void turn(chosen);
      }}
    >
      {(['open', 'paused', 'closed'] as const).map((state) => (
        <option key={state} value={state}>
          {words[state]}
        </option>
      ))}
    </select>
  );
}

async function announce(queue: Queue, prompt: string): Promise<void> {
  const t = q.value;
  if (await ask(t.announceTo(queue.display), t.announceIs(prompt, queue.waiting), t.announce, false)) {
    await act({ do: 'announce', queue: queue.name, prompt }, t.announced);
  }
}

async function callBack(lost: Forms['LostForm']): Promise<void> {
  const t = q.value;
  if (await ask(t.callBack, t.callBackIs(lost.from), t.callBack, false)) {
    await act({ do: 'enqueue', channel: 'callback', queue: lost.queue, from: lost.from }, t.calledBack);
  }
}

/** The announcement that all callers hear instead of the menus. */
function Emergency() {
  const t = q.value;
  const prompt = useSignal('');
  const on = async () => {
    if (!(await ask(t.emergency, t.emergencyIs, t.emergencyOn))) return;
    await act({ do: 'emergency-on', ...(prompt.value ? { prompt: prompt.value } : {}) }, t.emergencyIsOn, { do: 'emergency-off' });
  };
  return (
    <section class="card stack" aria-labelledby="emergency">
      <h3 id="emergency">{t.emergency}</h3>
      <div class="row fields">
        <Field name={t.prompt}>
          <select value={prompt.value} onChange={(event) => (prompt.value = event.currentTarget.value)}>
            <option value="">{t.asPlanned}</option>
            {site.value?.prompts.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </Field>
        <button type="button" class="danger" onClick={() => void on()}>
          {t.emergencyOn}
        </button>
        <button type="button" onClick={() => void act({ do: 'emergency-off' }, t.emergencyIsOff)}>
          {t.emergencyOff}
        </button>
      </div>
    </section>
  );
}
