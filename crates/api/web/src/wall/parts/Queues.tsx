import type { Forms } from '../../base/http';
import { distinct, judge, percent, shown } from '../figures';
import { w } from '../words';
import { Shape } from './Shape';
import { Since } from './Since';

/** Most queues that stand side by side. */
const QUEUES_MAX = 8;

/** Letters of a name that fit into two lines. */
const NAME_FITS = 24;

/** A column for each queue. */
export function Queues({ all }: { all: Forms['QueueForm'][] }) {
  const t = w.value;
  const { queues, more, waiting } = shown(all, QUEUES_MAX);
  const names = distinct(queues.map((queue) => queue.display), NAME_FITS);
  if (all.length === 0) return <p class="nothing">{t.noQueues}</p>;
  return (
    <section class="queues" aria-label={t.queues}>
      {queues.map((queue, place) => (
        <Queue key={queue.name} queue={queue} name={names[place] ?? ''} />
      ))}
      {more > 0 && <p class="queue rest">{t.moreQueues(more, waiting)}</p>}
    </section>
  );
}

function Queue({ queue, name }: { queue: Forms['QueueForm']; name: string }) {
  const t = w.value;
  const tone = queue.waiting > 0 && queue.available === 0 ? (queue.waiting > queue.staffed ? 'bad' : 'warn') : '';
  const level = judge(queue.recent.service_level ?? null);
  return (
    <article class={`queue ${tone} ${queue.state}`} data-queue={queue.name}>
      <h2 title={queue.display}>
        {queue.state !== 'open' && (
          <span class="turned">
            <Shape of="alarm" /> {queue.state === 'paused' ? t.paused : t.closed}
          </span>
        )}
        {name}
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
