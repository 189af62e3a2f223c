import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { headers } from '../../base/http';
import { w as common } from '../../base/common';
import { problemOf } from '../../base/problem';
import { span } from '../../base/clock';
import { fault } from '../../base/ui/Toasts';
import { w } from '../words/recordings';
import { peaks, type Peaks } from '../wav';

const COLUMNS = 900;
const STEP = 5;

/** A recording: its waveform, the caller above and the agent below, and a place in it that moves by mouse and keyboard. */
export function Player({ recording, onEnd }: { recording: string; onEnd: () => void }) {
  const t = w.value;
  const audio = useRef<HTMLAudioElement>(null);
  const source = useSignal('');
  const problem = useSignal('');
  const drawing = useSignal<Peaks | null>(null);
  const isDrawn = useSignal(true);
  const at = useSignal(0);
  const whole = useSignal(0);
  const plays = useSignal(false);
  useEffect(() => {
    const ended = new AbortController();
    let address = '';
    const load = async () => {
      const answer = await fetch(`/api/v1/recordings/${encodeURIComponent(recording)}/sound`, { headers: headers(), signal: ended.signal });
      if (!answer.ok) throw await problemOf(answer);
      const bytes = await answer.arrayBuffer();
      drawing.value = peaks(bytes, COLUMNS);
      isDrawn.value = drawing.value !== null;
      whole.value = drawing.value?.seconds ?? 0;
      address = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }));
      source.value = address;
    };
    load().catch((error: unknown) => {
      if (!ended.signal.aborted) problem.value = fault(error);
    });
    return () => {
      ended.abort();
      if (address) URL.revokeObjectURL(address);
    };
  }, [recording]);
  const seek = (seconds: number) => {
    const player = audio.current;
    if (!player || whole.value === 0) return;
    at.value = Math.min(whole.value, Math.max(0, seconds));
    player.currentTime = at.value;
  };
  const turn = () => {
    const player = audio.current;
    if (!player) return;
    if (player.paused) void player.play();
    else player.pause();
  };
  const onKey = (event: KeyboardEvent) => {
    const to: Record<string, number> = {
      ArrowLeft: at.value - STEP,
      ArrowRight: at.value + STEP,
      ArrowDown: at.value - STEP,
      ArrowUp: at.value + STEP,
      Home: 0,
      End: whole.value,
    };
    if (event.key === ' ') turn();
    else if (event.key in to) seek(to[event.key] ?? 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="card stack player" aria-label={t.player(recording)}>
      <div class="row">
        <strong>{t.player(recording)}</strong>
        <button type="button" class="main" disabled={source.value === ''} onClick={turn}>
          {plays.value ? t.pause : t.play}
        </button>
        <span class="number">{t.placeIs(span(at.value), span(whole.value))}</span>
        <label class="row">
          <span class="soft">{t.speed}</span>
          <select
            onChange={(event) => {
              if (audio.current) audio.current.playbackRate = Number(event.currentTarget.value);
            }}
          >
            {['1', '1.25', '1.5', '2'].map((one) => (
              <option key={one} value={one}>
                {one}×
              </option>
            ))}
          </select>
        </label>
        <button type="button" class="quiet" aria-label={common.value.close} onClick={onEnd}>
          ×
        </button>
      </div>
      {problem.value !== '' && (
        <p class="problem" role="alert">
          {problem.value}
        </p>
      )}
      {drawing.value && (
        <div
          class="wave"
          role="slider"
          tabIndex={0}
          aria-label={t.place}
          aria-valuemin={0}
          aria-valuemax={Math.round(whole.value)}
          aria-valuenow={Math.round(at.value)}
          aria-valuetext={t.placeIs(span(at.value), span(whole.value))}
          onKeyDown={onKey}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            seek(((event.clientX - box.left) / box.width) * whole.value);
          }}
        >
          <Wave of={drawing.value} share={whole.value > 0 ? at.value / whole.value : 0} />
        </div>
      )}
      {!isDrawn.value && <p class="soft">{t.noPicture}</p>}
      <p class="soft">
        ▲ {t.caller} · ▼ {t.agent} · {t.keys}
      </p>
      {source.value !== '' && (
        <audio
          ref={audio}
          src={source.value}
          preload="auto"
          onTimeUpdate={(event) => (at.value = event.currentTarget.currentTime)}
          onPlay={() => (plays.value = true)}
          onPause={() => (plays.value = false)}
          onLoadedMetadata={(event) => {
            if (Number.isFinite(event.currentTarget.duration)) whole.value = event.currentTarget.duration;
          }}
        />
      )}
    </section>
  );
}

/** The waveform: the first channel upward, the second one downward; what was heard already in another colour. */
function Wave({ of, share }: { of: Peaks; share: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const paper = canvas.current;
    const ink = paper?.getContext('2d');
    if (!paper || !ink) return;
    const style = getComputedStyle(paper);
    const [heard, rest] = [style.color, style.borderColor];
    const half = paper.height / 2;
    ink.clearRect(0, 0, paper.width, paper.height);
    const [up, down] = [of.channels[0], of.channels[1] ?? of.channels[0]];
    for (let x = 0; x < COLUMNS; x++) {
      ink.fillStyle = x < share * COLUMNS ? heard : rest;
      ink.fillRect(x, half - (up?.[x] ?? 0) * half, 1, Math.max(1, (up?.[x] ?? 0) * half));
      ink.fillRect(x, half, 1, Math.max(1, (down?.[x] ?? 0) * half));
    }
  }, [of, share]);
  return <canvas ref={canvas} width={COLUMNS} height={120} aria-hidden="true" />;
}
