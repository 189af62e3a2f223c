import { language } from '../base/words';

/** A day of the browser's clock, as `2026-11-24`. */
export function dayOf(moment: Date): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

export function daysAgo(days: number): string {
  const then = new Date();
  then.setDate(then.getDate() - days);
  return dayOf(then);
}

/** Day and time of a moment in microseconds since 1970. */
export function moment(micros: number | null | undefined): string {
  if (micros == null) return '';
  return new Date(micros / 1000).toLocaleString(language.value === 'en' ? 'en-GB' : 'es-EC', { dateStyle: 'short', timeStyle: 'medium', hour12: false });
}

/** Changes once in so many seconds of this clock in microseconds: for what is read again and again. */
export const every = (micros: number, seconds: number) => Math.floor(micros / (seconds * 1e6));
