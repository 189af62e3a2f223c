import { chosen } from './devices';

/** The sound of ringing: two tones, a second long, every three seconds; made here, so no file is needed. */
const RING_HERTZ = [425, 480];
const RING_EVERY = 3_000;
const LOUDNESS = 0.15;

let context: AudioContext | null = null;
let timer: number | undefined;

async function place(): Promise<AudioContext> {
  context ??= new AudioContext();
  await context.resume();
  const device = chosen.value.ringer;
  const sink = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  // A ringer that is gone rings at the system's.
  if (sink.setSinkId) await sink.setSinkId(device ?? '').catch(() => {});
  return context;
}

async function ringOnce(): Promise<void> {
  const sound = await place();
  const volume = sound.createGain();
  const at = sound.currentTime;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.setValueAtTime(LOUDNESS, at + 0.98);
  volume.gain.linearRampToValueAtTime(0, at + 1);
  volume.connect(sound.destination);
  for (const hertz of RING_HERTZ) {
    const tone = sound.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(volume);
    tone.start(at);
    tone.stop(at + 1);
  }
}

/** Rings until `stopRinging`. */
export function ring(): void {
  stopRinging();
  // Without a click on the page before, browsers may refuse sound; the title and the notification are there.
  const once = () => void ringOnce().catch(() => {});
  once();
  timer = window.setInterval(once, RING_EVERY);
}

export function stopRinging(): void {
  clearInterval(timer);
  timer = undefined;
}

/** Rings once, to try it. */
export function tryRing(): Promise<void> {
  return ringOnce();
}
