import { get, post } from '../../base/http';
import { ask } from '../../base/ui/Confirm';
import { tell } from '../../base/ui/Toasts';
import { act } from '../act';
import { useLoad } from '../load';
import { Loading } from '../parts/Loading';
import { readSite } from '../site';
import { w as p } from '../words/office';

/** What a reload of the plan would change, the reload, and how turno ends. */
export function Plan() {
  const t = p.value;
  const found = useLoad(() => get('/api/v1/plan/differences'), []);
  const reload = async (differences: string[], successor: string[]) => {
    const text = successor.length > 0 ? t.reloadNeeds(differences.length) : t.reloadIs(differences.length);
    if (!(await ask(t.reload, text, t.reload, false))) return;
    if (await tell(post('/api/v1/plan/reload'), t.reloaded)) {
      found.again();
      await tell(readSite());
    }
  };
  const drain = async () => {
    if (await ask(t.drain, t.drainIs, t.drain)) await act({ do: 'drain' });
  };
  return (
    <div class="stack">
      <p class="soft">{t.planWhy}</p>
      <div class="row">
        <button type="button" onClick={found.again}>
          {t.compare}
        </button>
      </div>
      <Loading of={found}>
        {({ differences, needs_successor }) => (
          <>
            {differences.length === 0 && <p>{t.same}</p>}
            <ul class="differences">
              {differences.map((line) => (
                <li key={line} class={needs_successor.includes(line) ? 'warn' : ''}>
                  <code>{line}</code>
                  {needs_successor.includes(line) && <strong> · {t.successor}</strong>}
                </li>
              ))}
            </ul>
            {differences.length > 0 && (
              <div class="row">
                <button type="button" class="main" onClick={() => void reload(differences, needs_successor)}>
                  {t.reload}
                </button>
              </div>
            )}
          </>
        )}
      </Loading>
      <section class="card stack" aria-labelledby="ending">
        <h3 id="ending">{t.ending}</h3>
        <p class="soft">{t.drainIs}</p>
        <div class="row">
          <button type="button" class="danger" onClick={() => void drain()}>
            {t.drain}
          </button>
        </div>
      </section>
    </div>
  );
}
