import type { Forms } from '../../base/http';
import { judge, percent, shown } from '../figures';
import { w } from '../words';
import { Shape } from './Shape';
import { Since } from './Since';

/** Most queues that stand side by side. */
const QUEUES_MAX = 8;

/** A column for each queue. */
export function Queues({ all }: { all: Forms['QueueForm'][] }) {
  const t = w.value;
  const { queues, more, waiting } = shown(all, QUEUES_MAX);
  if (all.length === 0) return <p class="nothing">{t.noQueues}</p>;
  return (
    <section class="queues" aria-label={t.queues}>
      {queues.map((queue) => (
        <Queue key={queue.name} queue={queue} />
      ))}
      {more > 0 && <p class="queue rest">{t.moreQueues(more, waiting)}</p>}
    </section>
  );
}

function Queue({ queue }: { queue: Forms['QueueForm'] }) {
  const t = w.value;
  const tone = queue.waiting > 0 && queue.available === 0 ? (queue.waiting > queue.staffed ? 'bad' : 'warn') : '';
  const level = judge(queue.recent.service_level ?? null);
  return (
    <article class={`queue ${tone}`} data-queue={queue.name}>
      <h2>
        {queue.state !== 'open' && (
          <span class="turned">
            <Shape of="alarm" /> {queue.state === 'paused' ? t.paused : t.closed}{' '}
          </span>
        )}
        {queue.display}
      </h2>
      <p class="count">
        <span class="big">{queue.waiting}</span>
        <span class="under">{queue.waiting_since == null ? t.waiting.toLowerCase() : <Since at={queue.waiting_since} />}</span>
      </p>
      <dl>
        <dt>{t.free}</dt>
        <dd>
          {queue.available} / {queue.staffed}
        </dd>
        <dt>30 min</dt>
        <dd class={level}>{percent(queue.recent.service_level)}</dd>
        <dt>{t.today}</dt>
        <dd>{percent(queue.service_level)}</dd>
        <dt>{t.gone}</dt>
        <dd>{queue.abandoned}</dd>
      </dl>
    </article>
  );
}
