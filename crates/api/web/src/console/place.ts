import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** Where the console is: the section, and what in it, of an address such as `#/contacts/17`. */
export const place = computed(() => parse(hash.value));

export function parse(text: string): { section: string; what: string | null } {
  const [section = '', what] = text.replace(/^#\/?/, '').split('/');
  return { section: section || 'room', what: what ? decodeURIComponent(what) : null };
}

export function goTo(section: string, what?: string | number): void {
  location.hash = what === undefined ? `#/${section}` : `#/${section}/${encodeURIComponent(what)}`;
}
