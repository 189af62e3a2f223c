import { useEffect } from 'preact/hooks';
import { w as common } from '../base/common';
import { follow, leave, line, live } from '../base/live';
import { start } from '../base/start';
import { sums } from './figures';
import { followForecast } from './forecast';
import { Agents } from './parts/Agents';
import { Channels } from './parts/Channels';
import { First } from './parts/First';
import { Queues } from './parts/Queues';
import { Top } from './parts/Top';
import { renew } from './renew';
import './wall.css';

/** The room at a glance, on one screen. */
function Wall() {
  useEffect(() => {
    follow();
    const ends = [followForecast(), renew(), leave];
    return () => ends.forEach((end) => end());
  }, []);
  const now = live.value;
  if (now === null) return <p class="waiting">{common.value.connecting}</p>;
  const all = sums(now);
  return (
    <main class={`wall ${line.value.state}`} data-told={now.at}>
      <Top live={now} all={all} />
      <First live={now} all={all} />
      <Queues all={now.room.queues} />
      <Channels all={now.room.channels} />
      <Agents live={now} />
    </main>
  );
}

start(Wall);
