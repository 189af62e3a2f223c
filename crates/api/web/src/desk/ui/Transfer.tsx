import { useSignal } from '@preact/signals';
import { live } from '../../base/live';
import { nameWords, stateWords } from '../../base/common';
import type { Choice } from '../filter';
import * as orders from '../orders';
import { desk, me, site } from '../state';
import { d } from '../words';
import { Combo } from './Combo';
import { KeyButton, KeyOf } from './Key';

/** Everybody and everything that a call may go to. */
function directory(): Choice[] {
  const t = d.value;
  const known = site.value;
  if (known === null) return [];
  const states = new Map(live.value?.room.agents.map((agent) => [agent.extension, agent]) ?? []);
  const agents = known.agents
    .filter((agent) => agent.extension !== me.value?.extension)
    .map((agent) => {
      const now = states.get(agent.extension);
      const kind = now ? stateWords(now.state, now.reason ?? null) : t.agentKind;
      return { id: agent.extension, name: agent.display, mark: agent.extension, kind, isFree: now?.state === 'available' };
    })
    .sort((a, b) => Number(b.isFree) - Number(a.isFree));
  const queues = known.queues.map((queue) => ({ id: queue.name, name: queue.display, mark: queue.name, kind: t.queueKind }));
  const lines = known.dependencies.map((line) => ({
    id: line.extension,
    name: nameWords(line.name),
    mark: line.extension,
    kind: t.dependencyKind,
  }));
  return [...lines, ...queues, ...agents];
}

/** Whom to consult or pass on to; and during a consultation how it goes on. */
export function Transfer() {
  const t = d.value;
  const typed = useSignal('');
  const consult = desk.value?.consult;
  if (consult != null) {
    const stage = { ringing: t.consultRinging, private: t.consultPrivate, three: t.consultThree }[consult.stage];
    return (
      <div class="consult" role="group" aria-labelledby="consult-title">
        <p id="consult-title" aria-live="polite">
          <strong>{t.consulting(consult.whom == null ? t.outside : nameWords(consult.whom))}</strong>: {stage}
          {orders.passesOn.value !== null && `, ${t.passesOn}`}
        </p>
        <div class="row">
          {consult.stage !== 'ringing' && (
            <KeyButton of="complete" isMain onClick={orders.complete}>
              {t.complete}
            </KeyButton>
          )}
          {consult.stage === 'private' && (
            <KeyButton of="three" onClick={orders.conference}>
              {t.three}
            </KeyButton>
          )}
          <KeyButton of="backToCaller" onClick={orders.backToCaller}>
            {t.backToCaller}
          </KeyButton>
        </div>
      </div>
    );
  }
  return (
    <div class="field">
      <Combo
        id="transfer"
        label={t.transfer}
        hint={t.transferHint}
        choices={directory()}
        typed={typed.value}
        onType={(text) => {
          typed.value = text;
        }}
        takesAnything
        onChoose={(choice, text, isShifted) =>
          void orders.consult(choice?.id ?? text, isShifted).then((isDone) => {
            if (isDone) typed.value = '';
          })
        }
      />
      <p class="hint">
        <KeyOf of="transfer" /> {t.transferKeys}
      </p>
    </div>
  );
}
