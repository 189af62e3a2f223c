import { computed, signal } from '@preact/signals';
import { setClock } from './clock';
import { headers, signed, type Forms } from './http';
import { problemOf } from './problem';

export type Live = Forms['Live'];

/** The live room as turno told it last; it stays on the screen, marked as old, while the connection is lost. */
export const live = signal<Live | null>(null);

/** How the connection stands: `live`; `connecting` at first; `lost` since a moment (milliseconds since 1970). */
export type Line = { state: 'connecting' } | { state: 'live' } | { state: 'lost'; since: number };
export const line = signal<Line>({ state: 'connecting' });

/** Whether turno serves other pages than these: they should be loaded again when no call needs them. */
export const isOldPage = computed(
  () => __PAGES_VERSION__ !== '' && live.value !== null && live.value.pages !== '' && live.value.pages !== __PAGES_VERSION__,
);

/** turno tells the room at least every 5 s; a connection that is silent for longer is dead. */
const SILENCE_MAX = 8_000;
const PAUSE_MIN = 250;
const PAUSE_MAX = 5_000;

let stop: AbortController | null = null;

/** Begins to follow the room, until `leave`. */
export function follow(): void {
  leave();
  stop = new AbortController();
  void keepFollowing(stop.signal);
}

export function leave(): void {
  stop?.abort();
  stop = null;
}

/** Tries at once when the network is back or the page is seen again, without waiting for the pause. */
let wake: (() => void) | null = null;
addEventListener('online', () => wake?.());
/** The system says that there is no network: the stream may not notice for long. */
let cut: (() => void) | null = null;
addEventListener('offline', () => cut?.());
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') wake?.();
});

async function keepFollowing(ended: AbortSignal): Promise<void> {
  let pause = PAUSE_MIN;
  while (!ended.aborted) {
    const began = performance.now();
    try {
      await read(ended);
    } catch {
      // Whatever it was, the answer is the same: say that the room is old, and come again.
    }
    if (ended.aborted) return;
    if (line.value.state !== 'lost') line.value = { state: 'lost', since: Date.now() };
    if (signed.value === null) return;
    if (performance.now() - began > SILENCE_MAX) pause = PAUSE_MIN;
    const wait = pause * (0.75 + Math.random() / 2);
    await new Promise<void>((done) => {
      const timer = setTimeout(done, wait);
      wake = () => {
        clearTimeout(timer);
        done();
      };
    });
    wake = null;
    pause = Math.min(pause * 2, PAUSE_MAX);
  }
}

/** Reads one connection to its end. */
async function read(ended: AbortSignal): Promise<void> {
  const silent = new AbortController();
  let watchdog = setTimeout(() => silent.abort(), SILENCE_MAX);
  cut = () => silent.abort();
  try {
    const answer = await fetch('/api/v1/live', { headers: headers(), signal: AbortSignal.any([ended, silent.signal]) });
    if (!answer.ok || !answer.body) {
      const problem = await problemOf(answer);
      if (problem.isSignedOut) signed.value = null;
      throw problem;
    }
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const events = new Events();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silent.abort(), SILENCE_MAX);
      const data = events.take(value).at(-1);
      if (data !== undefined) show(JSON.parse(data) as Live);
    }
  } finally {
    cut = null;
    clearTimeout(watchdog);
  }
}

function show(told: Live): void {
  setClock(told.at);
  live.value = told;
  if (line.value.state !== 'live') line.value = { state: 'live' };
}

/** Server-sent events, cut anywhere, as the data of those that are whole. */
export class Events {
  private rest = '';

  take(piece: string): string[] {
    const parts = (this.rest + piece).split('\n\n');
    this.rest = parts.pop() ?? '';
    return parts.flatMap((part) => {
      const data = part.split('\n').filter((row) => row.startsWith('data:'));
      return data.length === 0 ? [] : [data.map((row) => row.slice(5).trimStart()).join('\n')];
    });
  }
}
