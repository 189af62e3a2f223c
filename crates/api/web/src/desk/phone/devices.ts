import { signal } from '@preact/signals';

/** Devices by their ids; `null`: the system's. */
export interface Chosen {
  microphone: string | null;
  speaker: string | null;
  ringer: string | null;
}

const KEPT = 'turno.devices';
const SYSTEM: Chosen = { microphone: null, speaker: null, ringer: null };

function first(): Chosen {
  try {
    return { ...SYSTEM, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Chosen>) };
  } catch {
    return SYSTEM;
  }
}

export const chosen = signal<Chosen>(first());
export const devices = signal<MediaDeviceInfo[]>([]);

/** Whether the browser gives the microphone: not asked yet, or given, refused, or there is none any more. */
export const microphone = signal<'unasked' | 'given' | 'refused' | 'gone'>('unasked');

export function choose(part: Partial<Chosen>): void {
  chosen.value = { ...chosen.value, ...part };
  localStorage.setItem(KEPT, JSON.stringify(chosen.value));
}

/** Looks which devices there are. */
export async function look(): Promise<void> {
  if (!navigator.mediaDevices) return;
  devices.value = await navigator.mediaDevices.enumerateDevices().catch(() => []);
}

function constraints(): MediaStreamConstraints {
  const device = chosen.value.microphone;
  return {
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(device ? { deviceId: { ideal: device } } : {}),
    },
  };
}

/** Opens the microphone. Its track tells when it is taken away. */
export async function openMicrophone(): Promise<MediaStream | null> {
  if (!navigator.mediaDevices) {
    microphone.value = 'gone';
    return null;
  }
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraints());
    microphone.value = 'given';
    for (const track of stream.getAudioTracks()) {
      track.addEventListener('ended', () => {
        // Even if it can be opened again at once, who talks by this track is not heard.
        microphone.value = 'gone';
        void check();
      });
    }
    await look();
    return stream;
  } catch (error) {
    microphone.value = error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'gone';
    return null;
  }
}

/** Tries whether the microphone can be opened now. */
export async function check(): Promise<void> {
  const stream = await openMicrophone();
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/** Follows devices that come and go, until the returned function is called. */
export function watchDevices(): () => void {
  if (!navigator.mediaDevices) return () => {};
  const changed = () => {
    void look();
    if (microphone.value !== 'unasked') void check();
  };
  navigator.mediaDevices.addEventListener('devicechange', changed);
  void look();
  return () => navigator.mediaDevices.removeEventListener('devicechange', changed);
}
