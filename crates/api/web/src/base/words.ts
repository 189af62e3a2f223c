import { computed, signal } from '@preact/signals';

export type Language = 'es' | 'en';

const KEPT = 'turno.language';

function first(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === 'es' || kept === 'en') return kept;
  return navigator.languages.some((tag) => tag.startsWith('en')) && !navigator.language.startsWith('es') ? 'en' : 'es';
}

/** The language of the pages: as chosen here, else the browser's, else Spanish. */
export const language = signal<Language>(first());

export function speak(chosen: Language): void {
  localStorage.setItem(KEPT, chosen);
  language.value = chosen;
}

language.subscribe((now) => {
  document.documentElement.lang = now;
});

/** Any text, or what makes one of values. */
type Say = string | ((...values: never[]) => string);
type Same<T> = { [K in keyof T]: T[K] extends (...values: infer V) => string ? (...values: V) => string : string };

/** Words in both languages: what one of them lacks breaks the build. Read as `words.value.key`. */
export function define<const T extends Record<string, Say>>(es: T, en: Same<T>) {
  return computed((): Same<T> => (language.value === 'es' ? (es as unknown as Same<T>) : en));
}
