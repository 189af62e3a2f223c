import { signal } from '@preact/signals';
import { chosen, openMicrophone } from './devices';

/** Loudness of the microphone from 0 to 1, while it is measured. */
export const level = signal(0);
export const isEchoing = signal(false);

const ECHO_DELAY = 1;
/** -60 dB is silence on the meter, 0 dB full. */
const FLOOR = 60;

let end: (() => void) | null = null;

/** Measures the microphone until `stopMeter`; with `hasEcho` it is heard a second later. Whether it could be opened. */
export async function startMeter(hasEcho: boolean): Promise<boolean> {
  stopMeter();
  const stream = await openMicrophone();
  if (!stream) return false;
  const sound = new AudioContext();
  const source = sound.createMediaStreamSource(stream);
  const analyser = sound.createAnalyser();
  analyser.fftSize = 1024;
  source.connect(analyser);
  if (hasEcho) {
    const delay = sound.createDelay(ECHO_DELAY);
    delay.delayTime.value = ECHO_DELAY;
    source.connect(delay).connect(sound.destination);
    const sink = sound as AudioContext & { setSinkId?: (id: string) => Promise<void> };
    if (sink.setSinkId) await sink.setSinkId(chosen.value.speaker ?? '').catch(() => {});
  }
  isEchoing.value = hasEcho;
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    level.value = loudness(samples);
  }, 100);
  end = () => {
    clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    void sound.close();
    level.value = 0;
    isEchoing.value = false;
  };
  return true;
}

export function stopMeter(): void {
  end?.();
  end = null;
}

/** Loudness of samples, from 0 (60 dB below full) to 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const power = Math.sqrt(sum / Math.max(1, samples.length));
  return power <= 0 ? 0 : Math.min(1, Math.max(0, 1 + (20 * Math.log10(power)) / FLOOR));
}
