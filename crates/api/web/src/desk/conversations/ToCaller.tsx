import { isTalking } from '../actions';
import { atHand } from '../state';
import { forCaller, sendToCaller } from './deeds';
import { Search } from './Search';
import { all } from './state';
import { c } from './words';

/** During a call: the requirements in writing to the caller's number. Nothing where the site has no written channels. */
export function ToCaller() {
  const t = c.value;
  if (all.value === null || !isTalking() || atHand.value?.number == null) return null;
  const last = forCaller.value;
  return (
    <section class="card field" aria-label={t.toCaller}>
      <Search
        id="to-caller"
        label={t.toCaller}
        hint={t.toCallerHint}
        onChoose={(procedure) => {
          forCaller.value = procedure;
          void sendToCaller(procedure);
        }}
      />
      {last !== null && (
        <button type="button" class="small" onClick={() => void sendToCaller(last)}>
          {t.sendCard(last.name)}
        </button>
      )}
    </section>
  );
}
