import { reasonWords } from '../../base/common';
import { get } from '../../base/http';
import { span, timeOfDay } from '../../base/clock';
import { live } from '../../base/live';
import { language } from '../../base/words';
import { Since } from '../../wall/parts/Since';
import { every } from '../days';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { Table } from '../parts/Table';
import { w } from '../words';
import { w as b } from '../words/breaks';

/** Who is away and until when, who is next, and how many places each break has. */
export function Breaks() {
  const t = b.value;
  const at = live.value?.at ?? 0;
  // What an agent does is told at once; promised turns are looked at again every five seconds.
  const agents = live.value?.room.agents ?? [];
  const states = agents.map((agent) => `${agent.state}${agent.reason ?? ''}${agent.turn_at ?? ''}`).join();
  const found = useLoad(() => get('/api/v1/breaks'), [states, every(at, 5)]);
  return (
    <Loading of={found}>
      {({ turns, away, next }) => (
        <div class="stack">
          {turns.length > 0 && (
            <p class="row">
              {turns.map((one) => (
                <span key={one.reason} class="soft">
                  {t.places(reasonWords(one.reason), one.taken, one.at_once, one.minutes)}
                </span>
              ))}
            </p>
          )}
          <section class="stack" aria-labelledby="away">
            <h3 id="away">{t.away(away.length)}</h3>
            <Table
              caption={t.away(away.length)}
              rows={away}
              keyOf={(one) => one.agent}
              toneOf={(one) => (one.is_over ? 'bad' : '')}
              columns={[
                { head: w.value.agent, cell: (one) => one.display },
                { head: w.value.why, cell: (one) => (one.reason == null ? '' : reasonWords(one.reason)) },
                { head: w.value.since, cell: (one) => <Since at={one.since} />, isNumber: true },
                {
                  head: t.due,
                  cell: (one) =>
                    one.due == null ? t.open : one.is_over ? t.over(span((at - one.due) / 1e6)) : timeOfDay(one.due, language.value),
                },
                { head: t.overstays, cell: (one) => one.overstays, isNumber: true },
                { head: t.today, cell: (one) => span(one.today), isNumber: true },
              ]}
            />
          </section>
          <section class="stack" aria-labelledby="next">
            <h3 id="next">{t.next}</h3>
            <Table
              caption={t.next}
              rows={next}
              keyOf={(one) => `${one.agent} ${one.reason}`}
              columns={[
                { head: w.value.agent, cell: (one) => one.display },
                { head: w.value.why, cell: (one) => reasonWords(one.reason) },
                {
                  head: t.turn,
                  cell: (one) => {
                    if (one.at == null) return t.leaving;
                    const time = timeOfDay(one.at, language.value);
                    return one.stand === 'granted' ? t.granted(time) : t.promised(time, Math.max(0, Math.ceil((one.at - at) / 60e6)));
                  },
                },
                { head: t.minutes, cell: (one) => one.minutes, isNumber: true },
              ]}
            />
          </section>
        </div>
      )}
    </Loading>
  );
}
