import type { Update } from './merge';

/** What the line tells. */
export interface Ears {
  update: (update: Update) => void;
  state: (state: 'connecting' | 'live' | 'lost') => void;
  /** turno does not know this chat, or no longer. */
  unknown: () => void;
  cursor: () => number;
}

/** turno says something at least every 10 s; a connection that is silent for longer is dead. */
const SILENCE_MAX = 25_000;
const FIRST_SPAN = 8_000;
const PAUSE_MIN = 300;
const PAUSE_MAX = 10_000;

/** Follows a chat until the returned function is called: by WebSocket, and where that does not come through by a stream. */
export function follow(token: string, ears: Ears): () => void {
  const ended = new AbortController();
  void keepFollowing(token, ears, ended.signal);
  return () => ended.abort();
}

async function keepFollowing(token: string, ears: Ears, ended: AbortSignal): Promise<void> {
  let pause = PAUSE_MIN;
  let fails = 0;
  ears.state('connecting');
  while (!ended.aborted) {
    let heard = false;
    const take = (update: Update) => {
      heard = true;
      ears.update(update);
      ears.state('live');
    };
    // A proxy on the way may take no WebSockets.
    const way = fails % 4 >= 2 ? byStream : bySocket;
    const end = await way(token, ears.cursor(), take, ended).catch(() => 'lost' as const);
    if (ended.aborted) return;
    if (end === 'unknown') return ears.unknown();
    ears.state('lost');
    if (heard) {
      pause = PAUSE_MIN;
      fails = 0;
    } else {
      fails += 1;
    }
    await rest(pause * (0.75 + Math.random() / 2), ended);
    pause = Math.min(pause * 2, PAUSE_MAX);
  }
}

/** Waits, but not when the network comes back or somebody looks again. */
function rest(span: number, ended: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const stop = new AbortController();
    const end = () => {
      clearTimeout(timer);
      stop.abort();
      done();
    };
    const timer = setTimeout(end, span);
    addEventListener('online', end, { signal: stop.signal });
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && end(), { signal: stop.signal });
    ended.addEventListener('abort', end, { signal: stop.signal });
  });
}

type End = 'lost' | 'unknown';

function bySocket(token: string, after: number, take: (update: Update) => void, ended: AbortSignal): Promise<End> {
  return new Promise((done) => {
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/chat/socket`);
    const stop = new AbortController();
    const end = (how: End) => {
      clearTimeout(watchdog);
      stop.abort();
      socket.close();
      done(how);
    };
    let watchdog = setTimeout(() => end('lost'), FIRST_SPAN);
    const { signal } = stop;
    ended.addEventListener('abort', () => end('lost'), { signal });
    addEventListener('offline', () => end('lost'), { signal });
    socket.addEventListener('open', () => socket.send(JSON.stringify({ token, after })), { signal });
    socket.addEventListener('close', () => end('lost'), { signal });
    socket.addEventListener('error', () => end('lost'), { signal });
    socket.addEventListener(
      'message',
      ({ data }) => {
        clearTimeout(watchdog);
        watchdog = setTimeout(() => end('lost'), SILENCE_MAX);
        const told = JSON.parse(String(data)) as { update?: Update; problem?: { kind: string } };
        if (told.update) take(told.update);
        else if (told.problem?.kind === 'not-signed-in') end('unknown');
      },
      { signal },
    );
  });
}

async function byStream(token: string, after: number, take: (update: Update) => void, ended: AbortSignal): Promise<End> {
  const silent = new AbortController();
  let watchdog = setTimeout(() => silent.abort(), FIRST_SPAN);
  const cut = () => silent.abort();
  addEventListener('offline', cut);
  try {
    const answer = await fetch(`/chat/events?after=${after}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.any([ended, silent.signal]),
    });
    if (answer.status === 401) return 'unknown';
    if (!answer.ok || !answer.body) return 'lost';
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'lost';
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silent.abort(), SILENCE_MAX);
      const parts = (text + value).split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const data = part.split('\n').find((row) => row.startsWith('data:'));
        if (data) take(JSON.parse(data.slice(5)) as Update);
      }
    }
  } finally {
    clearTimeout(watchdog);
    removeEventListener('offline', cut);
  }
}
