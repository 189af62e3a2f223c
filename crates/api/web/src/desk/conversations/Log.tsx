import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { timeOfDay } from '../../base/clock';
import { signed } from '../../base/http';
import { wordsOf } from '../../base/said';
import { tell } from '../../base/ui/Toasts';
import { language } from '../../base/words';
import { fileOf, notes, save } from './deeds';
import { leaving, takeBack, typeDraft } from './sending';
import { learnEarlier, logs, type Conversation, type Message } from './state';
import { c } from './words';

type Body = Message['body'];

/** The messages of a conversation; what is shown is seen. */
export function Log({ of }: { of: Conversation }) {
  const t = c.value;
  const id = of.conversation;
  const all = logs.value[id] ?? [];
  const unsent = leaving.value.filter((one) => one.conversation === id);
  const place = useRef<HTMLDivElement>(null);
  const last = all.filter((one) => one.by === 'citizen').at(-1)?.id ?? 0;
  useLayoutEffect(() => {
    if (place.current) place.current.scrollTop = place.current.scrollHeight;
  }, [id, all.at(-1)?.id, unsent.length]);
  useEffect(() => {
    const see = () => {
      if (last > 0 && of.unread > 0 && document.visibilityState === 'visible') notes(id, { do: 'seen', up_to: last });
    };
    see();
    document.addEventListener('visibilitychange', see);
    return () => document.removeEventListener('visibilitychange', see);
  }, [id, last, of.unread]);
  return (
    <div ref={place} class="messages" role="log" aria-label={t.log} tabIndex={0}>
      {all.length >= 100 && (
        <button type="button" class="quiet" onClick={() => void tell(learnEarlier(id))}>
          {t.earlier}
        </button>
      )}
      {all.map((one) => (
        <Said key={one.id} of={of} message={one} />
      ))}
      {unsent.map((one) => (
        <div key={one.client} class="message own">
          <p class="who">{t.you}</p>
          <p class="said">{one.shown}</p>
          <p class="soft small">{one.state === 'kept' ? t.sent : one.state === 'leaving' ? t.unsent : t.refused(one.why ?? '')}</p>
          {one.state === 'refused' && (
            <button type="button" onClick={() => typeDraft(id, takeBack(one.client))}>
              {t.again}
            </button>
          )}
        </div>
      ))}
      {of.is_typing && <p class="soft">{t.typing}</p>}
    </div>
  );
}

/** Who has said it. */
export function whose(message: Message, of: Conversation): string {
  const t = c.value;
  if (message.by === 'citizen') return of.name ?? t.person;
  if (message.by === 'agent') return message.agent === signed.value?.agent ? t.you : t.agent(message.agent ?? '');
  return message.by === 'bot' ? t.bot : t.turno;
}

function Said({ of, message }: { of: Conversation; message: Message }) {
  const t = c.value;
  const isOurs = message.by !== 'citizen';
  const seen = isOurs && message.id <= of.seen_by_person ? t.seen : undefined;
  const far: Record<string, string> = { waiting: t.waitingToLeave, leaving: t.waitingToLeave, sent: t.sent, delivered: t.delivered, seen: t.seen, failed: t.failed };
  return (
    <div class={isOurs ? (message.by === 'agent' ? 'message own' : 'message ours') : 'message'}>
      <p class="who">
        {whose(message, of)} <time>{timeOfDay(message.at * 1_000, language.value)}</time>
      </p>
      <What conversation={of.conversation} body={message.body} />
      {isOurs && (
        <p class={message.delivery === 'failed' ? 'problem small' : 'soft small'}>
          {seen ?? far[message.delivery] ?? message.delivery}
          {message.failure != null && `: ${message.failure}`}
        </p>
      )}
    </div>
  );
}

function What({ conversation, body }: { conversation: number; body: Body }) {
  const words = body.kind === 'file' ? (body.caption ?? '') : wordsOf(body, c.value);
  return (
    <>
      {body.kind === 'file' && <FileView conversation={conversation} file={body} />}
      {words !== '' && (
        <p class={body.kind === 'card' ? 'said card-text' : 'said'} dir="auto">
          {words}
        </p>
      )}
    </>
  );
}

const SHOWN_BYTES_MAX = 5 << 20;

function FileView({ conversation, file }: { conversation: number; file: Extract<Body, { kind: 'file' }> }) {
  const t = c.value;
  const address = useSignal<string | null>(null);
  const isImage = /^image\/(jpeg|png|gif|webp)$/.test(file.media) && file.size <= SHOWN_BYTES_MAX;
  const load = async () => {
    address.value ??= await fileOf(conversation, file.file);
    return address.value;
  };
  useEffect(() => {
    if (isImage) void load();
    return () => {
      if (address.peek()) URL.revokeObjectURL(address.peek() ?? '');
    };
  }, [file.file]);
  return (
    <>
      {isImage && address.value && <img src={address.value} alt={`${t.file}: ${file.name}`} />}
      <button type="button" onClick={() => void load().then((from) => from && save(from, file.name))}>
        {t.save(file.name, Math.ceil(file.size / 1024))}
      </button>
    </>
  );
}
