import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { isFramed } from './frame';
import { openChoices, pieces, type Message } from './merge';
import * as talk from './talk';
import { words } from './words';

type Body = Message['body'];

/** What was said, the newest last; a screen reader is told what comes. */
export function Log({ edit }: { edit: (text: string) => void }) {
  const t = words[talk.language.value];
  const all = talk.log.value;
  const unsent = talk.unsent.value;
  const place = useRef<HTMLDivElement>(null);
  const count = all.length + unsent.length;
  useLayoutEffect(() => {
    const log = place.current;
    if (!log) return;
    log.scrollTop = log.scrollHeight;
    // What is longer than the window is read from its beginning.
    const last = [...log.querySelectorAll('.said')].at(-1);
    if (last && last.clientHeight > log.clientHeight) log.scrollTop += last.getBoundingClientRect().top - log.getBoundingClientRect().top;
  }, [count]);
  const choices = unsent.length === 0 ? openChoices(all) : [];
  return (
    <div ref={place} class="log" role="log" aria-live="polite" aria-relevant="additions" aria-label={t.log} tabIndex={0}>
      {count === 0 && <p class="welcome">{t.welcome}</p>}
      {all.map((one) => (
        <Said key={one.id} message={one} />
      ))}
      {unsent.map(({ deed, state, why }) => (
        <div key={deed.client} class={`said own ${state}`}>
          <p class="who">{t.you}</p>
          <p class="words" dir="auto">
            {deed.do === 'say' ? deed.text : deed.title}
          </p>
          <p class="mark">{state === 'kept' ? `✓ ${t.sent}` : state === 'waiting' ? t.unsent : `${t.notSent} ${why ?? ''}`}</p>
          {state === 'refused' && (
            <button type="button" onClick={() => edit(talk.takeBack(deed.client))}>
              {t.again}
            </button>
          )}
        </div>
      ))}
      {choices.length > 0 && (
        <div class="choices" role="group" aria-label={t.log}>
          {choices.map((choice) => (
            <button key={choice.id} type="button" onClick={() => talk.choose(choice.id, choice.title)}>
              {choice.title}
              {choice.detail != null && <small>{choice.detail}</small>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function Said({ message }: { message: Message }) {
  const t = words[talk.language.value];
  const chat = talk.chat.value;
  const isOwn = message.by === 'citizen';
  const who = isOwn ? t.you : message.by === 'bot' ? t.bot : message.by === 'agent' ? (chat?.agent_name ?? t.agent) : t.turno;
  const at = new Date(message.at);
  return (
    <div class={isOwn ? 'said own' : `said ${message.by}`}>
      <p class="who">
        {who}{' '}
        <time dateTime={at.toISOString()}>{at.toLocaleTimeString(talk.language.value, { hour: '2-digit', minute: '2-digit' })}</time>
      </p>
      <What body={message.body} />
      {isOwn && <p class="mark">{message.id <= (chat?.seen ?? 0) ? `✓✓ ${t.seen}` : `✓ ${t.sent}`}</p>}
    </div>
  );
}

function What({ body }: { body: Body }) {
  const t = words[talk.language.value];
  switch (body.kind) {
    case 'text':
    case 'choices':
    case 'card':
    case 'template':
      return <Words text={body.text} isCard={body.kind === 'card'} />;
    case 'chosen':
      return <Words text={body.title} />;
    case 'file':
      return <FileView file={body} />;
    case 'file-elsewhere':
      return <Words text={`${t.file}: ${body.name ?? '-'} ${body.caption ?? ''}`} />;
    case 'location':
      return <Words text={`${t.location}: ${body.name ?? '-'}`} />;
    case 'reaction':
      return <Words text={body.sign} />;
    case 'other':
      return <Words text={t.unknown} />;
  }
}

/** Text. In a frame no page can be opened, so addresses are text too. */
function Words({ text, isCard = false }: { text: string; isCard?: boolean }) {
  return (
    <p class={isCard ? 'words card' : 'words'} dir="auto">
      {isFramed
        ? text
        : pieces(text).map((piece) =>
            piece.isLink ? (
              <a href={piece.text} target="_blank" rel="noopener noreferrer nofollow">
                {piece.text}
              </a>
            ) : (
              piece.text
            ),
          )}
    </p>
  );
}

/** Images that are shown without being asked for. */
const SHOWN_BYTES_MAX = 5 << 20;

function FileView({ file }: { file: Extract<Body, { kind: 'file' }> }) {
  const t = words[talk.language.value];
  const address = useSignal<string | null | undefined>(undefined);
  const isImage = file.media.startsWith('image/') && file.size <= SHOWN_BYTES_MAX;
  const fetchIt = async () => {
    address.value ??= await talk.fileOf(file.file);
    return address.value;
  };
  useEffect(() => {
    if (isImage) void fetchIt();
    return () => {
      if (address.peek()) URL.revokeObjectURL(address.peek() ?? '');
    };
  }, [file.file]);
  const save = async () => {
    const from = await fetchIt();
    if (from === null) return;
    const link = document.createElement('a');
    link.href = from;
    link.download = file.name;
    link.click();
  };
  return (
    <>
      {isImage && address.value && <img src={address.value} alt={`${t.file}: ${file.name}`} />}
      <button type="button" class="file" onClick={() => void save()}>
        {t.download(file.name, Math.ceil(file.size / 1024))}
      </button>
      {address.value === null && <p class="mark">{t.noFile}</p>}
      {file.caption != null && <Words text={file.caption} />}
    </>
  );
}
