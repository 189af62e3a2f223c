import { stateWords, w as common } from '../../base/common';
import { span, timeOfDay } from '../../base/clock';
import type { Live } from '../../base/live';
import { language } from '../../base/words';
import { columns, distinct, tiles, type Need, type Tile } from '../figures';
import { w } from '../words';
import { Shape } from './Shape';
import { Since } from './Since';

/** Letters of a name that fit beside the clock of a tile. */
const NAME_FITS = 16;

/** Most tiles on a screen; the rest need eyes least. */
const TILES_MAX = 48;

const TONE: Record<Need, string> = {
  overstay: 'bad',
  rona: 'bad',
  phone: 'bad',
  past: 'warn',
  acw: 'warn',
  break: 'warn',
  near: 'warn',
  none: '',
};

/** The agents, those who need eyes first. */
export function Agents({ live }: { live: Live }) {
  const t = w.value;
  const all = tiles(live);
  const names = distinct(all.map((tile) => tile.agent.display), NAME_FITS);
  const out = live.room.agents.length - all.length;
  const more = Math.max(0, all.length - TILES_MAX);
  return (
    <section class="agents" aria-label={t.agents}>
      {all.length === 0 && <p class="nothing">{t.nobodyIn}</p>}
      <div class={`tiles across${columns(all.length)}`}>
        {all.slice(0, TILES_MAX).map((tile, place) => (
          <One key={tile.agent.extension} tile={tile} name={names[place] ?? ''} at={live.at} />
        ))}
      </div>
      <p class="out">
        {more > 0 && `${t.more(more)} · `}
        {out > 0 && t.out(out)}
      </p>
    </section>
  );
}

function One({ tile: { agent, need }, name, at }: { tile: Tile; name: string; at: number }) {
  return (
    <article class={`tile ${agent.state} ${TONE[need]}`} data-agent={agent.extension} data-state={agent.state} data-need={need}>
      <div class="line">
        <h3 title={agent.display}>{name}</h3>
        <Since at={agent.since} />
      </div>
      <div class="line">
        <Shape of={TONE[need] === 'bad' ? 'alarm' : agent.state} />
        <p class="state">{needWords(need, agent, at) ?? stateWords(agent.state, agent.reason ?? null)}</p>
        {need === 'none' && agent.turn_at != null && <Turn at={agent.turn_at} />}
      </div>
    </article>
  );
}

/** The next turn for a break. */
function Turn({ at }: { at: number }) {
  const time = timeOfDay(at, language.value);
  return (
    <p class="turn" title={w.value.turn(time)}>
      <Shape of="aux" /> <span class="unseen">{w.value.turn(time)}</span>
      <span aria-hidden="true">{time}</span>
    </p>
  );
}

/** What is wrong, in place of the state, where that says more. */
function needWords(need: Need, agent: Tile['agent'], at: number): string | null {
  const t = w.value;
  switch (need) {
    case 'overstay':
      return t.overstay(span((at - (agent.due_at ?? at)) / 1e6));
    case 'rona':
      return common.value.rona;
    case 'phone':
      return t.noPhone;
    case 'past':
      return t.past;
    case 'near':
      return t.near;
    case 'acw':
      return t.longAcw;
    case 'break':
      return t.longBreak;
    default:
      return null;
  }
}
