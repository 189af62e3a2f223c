import type { Forms } from '../../base/http';
import { timeOfDay } from '../../base/clock';
import { live } from '../../base/live';
import { language } from '../../base/words';
import { dueTone } from '../../wall/figures';
import { channelName } from '../../wall/parts/Channels';
import { Since } from '../../wall/parts/Since';
import { w } from '../words/queues';
import { Table } from './Table';

/** Who waits by channel; nothing where all is voice. */
export function Channels({ all }: { all: Forms['ChannelForm'][] }) {
  const t = w.value;
  if (all.length < 2) return null;
  const left = (due: number | null | undefined) => (due == null ? null : (due - (live.value?.at ?? due)) / 1e6);
  return (
    <section class="stack" aria-labelledby="channels">
      <h3 id="channels">{t.channels}</h3>
      <Table
        caption={t.channels}
        rows={all}
        keyOf={(one) => one.channel}
        toneOf={(one) => dueTone(left(one.due))}
        columns={[
          { head: t.channel, cell: (one) => channelName(one.channel) },
          { head: t.waiting, cell: (one) => one.waiting, isNumber: true },
          { head: t.longest, cell: (one) => (one.waiting_since == null ? '' : <Since at={one.waiting_since} />), isNumber: true },
          { head: t.dueNext, cell: (one) => (one.due == null ? '' : timeOfDay(one.due, language.value)), isNumber: true },
          { head: t.inProgress, cell: (one) => one.in_progress, isNumber: true },
        ]}
      />
    </section>
  );
}
