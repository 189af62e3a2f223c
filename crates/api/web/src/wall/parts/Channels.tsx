import { useComputed, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { now, span } from '../../base/clock';
import type { Forms } from '../../base/http';
import { dueTone } from '../figures';
import { w } from '../words';
import { Shape } from './Shape';
import { Since } from './Since';

type Channel = Forms['ChannelForm'];

export function channelName(channel: string): string {
  const t = w.value;
  const known: Record<string, string> = {
    voice: t.voice,
    callback: t.callback,
    voicemail: t.voicemail,
    chat: t.chat,
    whatsapp: t.whatsapp,
    email: t.email,
  };
  return known[channel] ?? channel;
}

/** Who waits by channel: how many, since when, and when the next is due. Nothing where all is voice. */
export function Channels({ all }: { all: Channel[] }) {
  if (all.length < 2) return null;
  return (
    <section class="channels" aria-label={w.value.channels}>
      {all.map((one) => (
        <One key={one.channel} channel={one} />
      ))}
    </section>
  );
}

function One({ channel }: { channel: Channel }) {
  const t = w.value;
  const due = useSignal(channel.due ?? null);
  useEffect(() => {
    due.value = channel.due ?? null;
  }, [channel.due]);
  const left = useComputed(() => (due.value === null ? null : Math.ceil(due.value / 1e6 - now.value / 1_000)));
  // The tone changes twice at most while somebody waits, the text each second.
  const tone = useComputed(() => dueTone(left.value));
  const text = useComputed(() => (left.value === null ? '' : left.value >= 0 ? w.value.dueIn(span(left.value)) : w.value.duePast(span(-left.value))));
  return (
    <article class={`channel ${tone.value}`} data-channel={channel.channel}>
      <h2>
        {tone.value !== '' && <Shape of="alarm" />} {channelName(channel.channel)}
      </h2>
      <p>
        <span class="many">{channel.waiting}</span> {channel.waiting_since != null && <Since at={channel.waiting_since} />}
      </p>
      {channel.due == null ? (
        <p class="under">{t.inHand(channel.in_progress)}</p>
      ) : (
        <p class="under" title={t.due}>
          <span class="unseen">{t.due}</span> {text}
        </p>
      )}
    </article>
  );
}
