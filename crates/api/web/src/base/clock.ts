import { signal } from '@preact/signals';

/** Microseconds by which turno's clock is ahead of ours. */
let ahead = 0;

/** Now by turno's clock, in milliseconds since 1970; it moves four times a second, and only while the page is seen. */
export const now = signal(Date.now());

const tick = () => {
  now.value = Date.now() + ahead / 1000;
};
let timer: number | undefined;

/** Takes turno's clock from an answer that has just come. */
export function setClock(micros: number): void {
  ahead = micros - Date.now() * 1000;
  tick();
}

function run(): void {
  clearInterval(timer);
  tick();
  if (document.visibilityState === 'visible') timer = window.setInterval(tick, 250);
}
document.addEventListener('visibilitychange', run);
run();

/** Seconds since this moment of turno's, in microseconds since 1970; never negative. */
export function secondsSince(micros: number): number {
  return Math.max(0, (now.value - micros / 1000) / 1000);
}

/** `3:07` or `1:03:07`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${two(whole % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/** The time of day, `08:05`, of a moment in microseconds since 1970. */
export function timeOfDay(micros: number, language: string): string {
  return new Date(micros / 1000).toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}
