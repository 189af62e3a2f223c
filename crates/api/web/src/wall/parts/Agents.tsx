import { stateWords, w as common } from '../../base/common';
import { span, timeOfDay } from '../../base/clock';
import type { Live } from '../../base/live';
import { language } from '../../base/words';
import { columns, tiles, type Need, type Tile } from '../figures';
import { w } from '../words';
import { Shape } from './Shape';
import { Since } from './Since';

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
  const out = live.room.agents.length - all.length;
  const more = Math.max(0, all.length - TILES_MAX);
  return (
    <section class="agents" aria-label={t.agents}>
      {all.length === 0 && <p class="nothing">{t.nobodyIn}</p>}
      <div class={`tiles across${columns(all.length)}`}>
        {all.slice(0, TILES_MAX).map((tile) => (
          <One key={tile.agent.extension} tile={tile} at={live.at} />
        ))}
      </div>
      <p class="out">
        {more > 0 && `${t.more(more)} · `}
        {out > 0 && t.out(out)}
      </p>
    </section>
  );
}

function One({ tile: { agent, need }, at }: { tile: Tile; at: number }) {
  const t = w.value;
  return (
    <article class={`tile ${agent.state} ${TONE[need]}`} data-agent={agent.extension} data-state={agent.state} data-need={need}>
      <div class="line">
        <h3>{agent.display}</h3>
        <Since at={agent.since} />
      </div>
      <div class="line">
        <Shape of={TONE[need] === 'bad' ? 'alarm' : agent.state} />
        <p class="state">{needWords(need, agent, at) ?? stateWords(agent.state, agent.reason ?? null)}</p>
        {need === 'none' && agent.turn_at != null && <p class="turn">{t.turn(timeOfDay(agent.turn_at, language.value))}</p>}
      </div>
    </article>
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
