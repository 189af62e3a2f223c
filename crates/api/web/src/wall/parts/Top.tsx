import { useComputed } from '@preact/signals';
import { now, timeOfDay } from '../../base/clock';
import type { Live } from '../../base/live';
import { line } from '../../base/live';
import { language } from '../../base/words';
import type { Sums } from '../figures';
import { w } from '../words';
import { Shape } from './Shape';

/** The site, what is wrong with its lines, and the clock. */
export function Top({ live, all }: { live: Live; all: Sums }) {
  const t = w.value;
  const clock = useComputed(() => timeOfDay(Math.floor(now.value / 1000) * 1e6, language.value));
  const day = useComputed(() =>
    new Date(Math.floor(now.value / 60_000) * 60_000).toLocaleDateString(language.value, { weekday: 'long', day: 'numeric', month: 'long' }),
  );
  const down = live.trunks_down.length > 0;
  return (
    <header class="top">
      <h1>{live.room.site}</h1>
      <p class={down || all.phonesOut > 0 ? 'lines bad' : 'lines good'} data-line={line.value.state}>
        {down && (
          <>
            <Shape of="alarm" /> {t.trunkDown(live.trunks_down.join(', '))}{' '}
          </>
        )}
        {all.phonesOut > 0 && (
          <>
            <Shape of="alarm" /> {t.phonesOut(all.phonesOut)}
          </>
        )}
        {!down && all.phonesOut === 0 && t.allWell}
      </p>
      <p class="day">{day}</p>
      <p class="clock">{clock}</p>
    </header>
  );
}
