import { secondsSince, span } from '../clock';
import { isOldPage, line } from '../live';
import { w } from '../common';

/** Says when the connection is lost, and when there is a newer page. `busy`: a call needs this page, so it is not loaded again. */
export function Banner({ busy = false }: { busy?: boolean }) {
  const t = w.value;
  return (
    <div aria-live="assertive">
      {line.value.state === 'lost' && (
        <p class="banner bad" role="status">
          <span aria-hidden="true">⚠ </span>
          {t.lost(span(secondsSince(line.value.since * 1000)))}
        </p>
      )}
      {isOldPage.value && !busy && (
        <p class="banner" role="status">
          {t.oldPage}{' '}
          <button type="button" onClick={() => location.reload()}>
            {t.reload}
          </button>
        </p>
      )}
    </div>
  );
}
