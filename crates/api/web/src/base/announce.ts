/** What a screen reader says: politely, or at once (an offer). Two live regions, made once. */
const regions = new Map<'polite' | 'assertive', HTMLElement>();

function region(how: 'polite' | 'assertive'): HTMLElement {
  const there = regions.get(how);
  if (there) return there;
  const made = document.createElement('div');
  made.className = 'unseen';
  made.setAttribute('aria-live', how);
  made.setAttribute('aria-atomic', 'true');
  document.body.append(made);
  regions.set(how, made);
  return made;
}

export function announce(text: string, how: 'polite' | 'assertive' = 'polite'): void {
  const there = region(how);
  // The same text twice is said twice only if it was gone meanwhile.
  there.textContent = '';
  setTimeout(() => {
    there.textContent = text;
  }, 50);
}
region('polite');
region('assertive');
