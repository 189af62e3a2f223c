import { useSignal } from '@preact/signals';
import { span } from '../../base/clock';
import { stateWords } from '../../base/common';
import { get, signed } from '../../base/http';
import { fault } from '../../base/ui/Toasts';
import { canHold, isTalking, recordOrPause } from '../actions';
import * as orders from '../orders';
import type { Phone } from '../phone/phone';
import { atHand, desk, isAfterCall, isSilent, me, queueOf, site, waited, type Own } from '../state';
import { d } from '../words';
import { KeyButton } from './Key';
import { TargetClock } from './TargetClock';
import { Transfer } from './Transfer';
import { WrapUp } from './WrapUp';

/** The contact at hand, or that there is none. */
export function ContactCard({ phone, openKeypad }: { phone: Phone; openKeypad: () => void }) {
  const t = d.value;
  const own = me.value;
  const contact = atHand.value;
  if (!own) return null;
  if (contact === null && isAfterCall.value) return <After />;
  if (contact === null) return phone.call.value === null ? <Idle /> : <OwnCall phone={phone} openKeypad={openKeypad} />;
  const isOffer = own.state === 'ringing';
  return (
    <section class={isOffer ? 'card contact offer' : 'card contact'} aria-labelledby="contact-title">
      <h2 id="contact-title">
        {isOffer ? `☎ ${t.offer}` : channelWord(contact.channel)}
        {isOffer && contact.channel !== 'voice' && ` · ${channelWord(contact.channel)}`}
      </h2>
      <Who contact={contact} />
      <TargetClock />
      <Buttons phone={phone} openKeypad={openKeypad} />
      {isTalking() && <Transfer />}
      {(isTalking() || isAfterCall.value || (isSilent() && own.state === 'talking')) && (
        <WrapUp contact={contact.contact} code={contact.code ?? null} />
      )}
    </section>
  );
}

function channelWord(channel: string): string {
  const t = d.value;
  const words: Record<string, string> = {
    voice: t.voice,
    callback: t.callback,
    voicemail: t.voicemail,
    chat: t.chat,
    whatsapp: t.whatsapp,
    email: t.email,
  };
  return words[channel] ?? channel;
}

/** The citizen's number, queue and wait. */
function Who({ contact }: { contact: Own }) {
  const t = d.value;
  const isOffer = me.value?.state === 'ringing';
  const wait = waited.value;
  return (
    <dl class="who">
      <div class="wide">
        <dt>{t.number}</dt>
        <dd class="caller">{contact.number ?? t.withheld}</dd>
      </div>
      <div>
        <dt>{t.queue}</dt>
        <dd>{queueOf(contact.queue)?.display ?? contact.queue ?? '-'}</dd>
      </div>
      {contact.procedure != null && (
        <div>
          <dt>{t.procedure}</dt>
          <dd>{contact.procedure}</dd>
        </div>
      )}
      {wait !== null && (
        <div>
          <dt>{isOffer ? t.waits : t.waited}</dt>
          <dd class="time">{span(wait)}</dd>
        </div>
      )}
    </dl>
  );
}

function Buttons({ phone, openKeypad }: { phone: Phone; openKeypad: () => void }) {
  const t = d.value;
  const state = me.value?.state;
  const call = phone.call.value;
  const consult = desk.value?.consult;
  if (isSilent()) {
    return (
      <div class="row buttons">
        {state === 'ringing' && (
          <>
            <KeyButton of="answer" isMain onClick={orders.takeOffer}>
              {t.take}
            </KeyButton>
            <button type="button" onClick={orders.decline}>
              {t.decline}
            </button>
          </>
        )}
        {state === 'talking' && (
          <KeyButton of="hangUp" onClick={orders.finish}>
            {t.finish}
          </KeyButton>
        )}
      </div>
    );
  }
  return (
    <>
      <div class="row buttons">
        {call !== null && <CallButtons phone={phone} openKeypad={openKeypad} />}
        {isTalking() && (
          <>
            <KeyButton of="help" onClick={orders.help}>
              {t.help}
            </KeyButton>
            {consult == null && (
              <KeyButton of="backToQueue" onClick={orders.backToQueue}>
                {t.back}
              </KeyButton>
            )}
            {site.value?.records && <Recording />}
          </>
        )}
      </div>
      {state === 'ringing' && !phone.canAnswer.value && <p class="hint strong">{t.answerOnPhone}</p>}
      {phone.kind === 'desk' && isTalking() && <p class="hint">{t.muteOnPhone}</p>}
    </>
  );
}

function CallButtons({ phone, openKeypad }: { phone: Phone; openKeypad: () => void }) {
  const t = d.value;
  const [call, keys] = [phone.call.value, phone.keys];
  if (call === null) return null;
  const answer = phone.canAnswer.value && (
    <KeyButton of="answer" isMain onClick={() => keys.answer()}>
      {t.answer}
    </KeyButton>
  );
  if (call.stage === 'ringing') return answer || null;
  const { mute, press } = keys;
  return (
    <>
      {call.stage === 'either' && answer}
      {canHold(phone) && (
        <KeyButton of="hold" pressed={call.isHeld} onClick={() => keys.hold(!call.isHeld)}>
          {call.isHeld ? t.resume : t.hold}
        </KeyButton>
      )}
      {mute && (
        <KeyButton of="mute" pressed={call.isMuted} onClick={() => mute(!call.isMuted)}>
          {call.isMuted ? t.unmute : t.mute}
        </KeyButton>
      )}
      {press && (
        <KeyButton of="keypad" onClick={openKeypad}>
          {t.keypad}
        </KeyButton>
      )}
      <KeyButton of="hangUp" isDangerous onClick={() => keys.hangUp()}>
        {t.hangUp}
      </KeyButton>
    </>
  );
}

function Recording() {
  const t = d.value;
  const now = desk.value?.recording;
  const word = now === 'on' ? t.pauseRecording : now === 'paused' ? t.resumeRecording : t.record;
  return (
    <>
      <KeyButton of="record" onClick={recordOrPause}>
        {word}
      </KeyButton>
      {now != null && (
        <span class={now === 'on' ? 'badge bad' : 'badge'}>
          <span aria-hidden="true">{now === 'on' ? '● ' : '❚❚ '}</span>
          {now === 'on' ? t.recording : t.recordingPaused}
        </span>
      )}
    </>
  );
}

/** After-call work about a contact that was talked to at another computer. */
function After() {
  return (
    <section class="card contact" aria-labelledby="contact-title">
      <h2 id="contact-title">{stateWords('acw', null)}</h2>
      <WrapUp contact={orders.UNKNOWN} />
    </section>
  );
}

/** A call outside the queues: with a colleague, or somebody outside. */
function OwnCall({ phone, openKeypad }: { phone: Phone; openKeypad: () => void }) {
  return (
    <section class="card contact" aria-labelledby="contact-title">
      <h2 id="contact-title">{d.value.ownCall}</h2>
      <div class="row buttons">
        <CallButtons phone={phone} openKeypad={openKeypad} />
      </div>
    </section>
  );
}

/** Nothing at hand: what comes next, or why nothing comes. */
function Idle() {
  const t = d.value;
  const told = useSignal<string[] | null>(null);
  const isReady = me.value?.state === 'available';
  const look = async () => {
    const extension = signed.value?.agent;
    if (!extension) return;
    try {
      const said = (await get('/api/v1/agents/{extension}/why-not', {}, { extension })) as { sentences?: { text: string }[] };
      told.value = (said.sentences ?? []).map((one) => one.text);
    } catch (error) {
      told.value = [fault(error)];
    }
  };
  return (
    <section class="card contact idle" aria-labelledby="contact-title">
      <h2 id="contact-title">{t.idle}</h2>
      <p class="idle-word">{isReady ? t.idleReady : t.idleNotReady}</p>
      <button type="button" class="quiet" onClick={() => void look()}>
        {t.whyNothing}
      </button>
      {told.value !== null && (
        <ul class="sentences" aria-live="polite">
          {told.value.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
