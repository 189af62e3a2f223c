import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { w } from '../../base/common';

/** A dialog over the page; keys of the desk do nothing meanwhile, Escape closes it. */
export function Dialog({ id, title, close, children }: { id: string; title: string; close: () => void; children: ComponentChildren }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby={`${id}-title`} onClose={close}>
      <header class="row">
        <h2 id={`${id}-title`}>{title}</h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          {w.value.close}
        </button>
      </header>
      {children}
    </dialog>
  );
}
