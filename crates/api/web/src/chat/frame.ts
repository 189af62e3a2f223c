import { signal } from '@preact/signals';

/** Whether the chat stands in a frame of another page. */
export const isFramed = window.parent !== window;

/** Whether somebody can see it: a frame that is folded away is not seen. */
export const isShown = signal(!isFramed);

if (isFramed) {
  addEventListener('message', (event) => {
    const said = event.data as { turno?: unknown } | null;
    if (event.source !== window.parent || typeof said !== 'object' || said === null) return;
    if (said.turno === 'shown') isShown.value = true;
    if (said.turno === 'hidden') isShown.value = false;
  });
}

/** Tells the page around; it learns how many messages are new, and nothing of what they say. */
export function tellParent(said: { turno: 'ready' | 'close' } | { turno: 'news'; count: number; words: string }): void {
  if (isFramed) window.parent.postMessage(said, '*');
}
