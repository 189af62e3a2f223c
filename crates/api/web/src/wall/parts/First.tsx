import type { ComponentChildren } from 'preact';
import { span } from '../../base/clock';
import type { Live } from '../../base/live';
import { judge, longest, percent, type Sums } from '../figures';
import { nextHour } from '../forecast';
import { w } from '../words';
import { Shape } from './Shape';
import { Since } from './Since';

function Card({ id, name, tone = '', children }: { id: string; name: string; tone?: string; children: ComponentChildren }) {
  return (
    <section class={`first ${tone}`} id={id} aria-label={name}>
      <h2>
        {(tone === 'bad' || tone === 'warn') && <Shape of="alarm" />} {name}
      </h2>
      {children}
    </section>
  );
}

/** What a supervisor looks at first, in this order. */
export function First({ live, all }: { live: Live; all: Sums }) {
  const t = w.value;
  const first = longest(live.room.queues);
  const waited = first?.waiting_since == null ? 0 : (live.at - first.waiting_since) / 1e6;
  const isLate = first !== null && waited > first.wait_target;
  const isFar = first !== null && waited > 3 * first.wait_target;
  const forecast = nextHour.value;
  const expected = forecast?.reduce((sum, one) => sum + one.contacts, 0) ?? 0;
  const needed = forecast?.reduce((sum, one) => sum + one.agents, 0) ?? 0;
  return (
    <div class="firsts">
      <Card id="longest" name={t.longest} tone={isFar ? 'bad' : isLate ? 'warn' : ''}>
        <p class="big">{first?.waiting_since == null ? '0:00' : <Since at={first.waiting_since} />}</p>
        <p class="under">{first ? first.display : t.nobodyWaits}</p>
        <p class="under">{first && t.target(span(first.wait_target))}</p>
      </Card>
      <Card id="waiting" name={t.waiting} tone={all.waiting > all.free && all.waiting > 0 ? (all.free === 0 ? 'bad' : 'warn') : ''}>
        <p class="big">{all.waiting}</p>
        <p class="under">
          {t.free}: <strong>{all.free}</strong>
        </p>
        <p class="under">{t.ofLoggedIn(all.staffed)}</p>
      </Card>
      <Card id="level" name={t.level} tone={judge(all.levelRecent)}>
        <p class="big">{percent(all.levelRecent)}</p>
        <p class="under">{t.lastHalf}</p>
        <p class="under">
          {t.today}: <strong>{percent(all.levelToday)}</strong>
        </p>
      </Card>
      <Card id="lost" name={t.lost} tone={live.lost.length > 0 ? 'warn' : ''}>
        <p class="big">{all.lostRecent}</p>
        <p class="under">{t.lastHalf}</p>
        <p class="under">{live.lost.length > 0 ? <strong>{t.toCall(live.lost.length)}</strong> : t.nobodyToCall}</p>
      </Card>
      <Card id="next" name={t.nextHour} tone={forecast && needed > all.staffed ? 'warn' : ''}>
        <p class="big">{forecast ? Math.round(expected) : '–'}</p>
        <p class="under">{forecast ? t.needs(needed) : t.noForecast}</p>
        <p class="under">{forecast && t.has(all.staffed)}</p>
      </Card>
      <Card id="past" name={t.over} tone={all.past > 0 ? 'warn' : ''}>
        <p class="big">{all.past}</p>
        <p class="under">{t.inTalks(all.inProgress)}</p>
        <p class="under">{t.callbacks(all.callbacks)}</p>
      </Card>
    </div>
  );
}
