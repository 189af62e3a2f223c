import { useSignal } from '@preact/signals';
import { allActions, chordOf, keyOf, remap } from '../../base/keys';
import { d } from '../words';
import { Dialog } from './Dialog';

const MODIFIERS = ['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Tab'];

/** All keys of the desk; each may be another one. */
export function KeysDialog({ close }: { close: () => void }) {
  const t = d.value;
  const changing = useSignal<string | null>(null);
  const taken = useSignal<string | null>(null);
  const listen = (event: KeyboardEvent, id: string) => {
    if (changing.value !== id || MODIFIERS.includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Escape') {
      changing.value = null;
      return;
    }
    const other = remap(id, chordOf(event));
    taken.value = other === null ? null : t.keyTaken(other.label());
    if (other === null) changing.value = null;
  };
  return (
    <Dialog id="keys" title={t.keys} close={close}>
      <p class="hint">{t.keysHint}</p>
      <p class="problem" role="alert">
        {taken.value}
      </p>
      <table class="keys">
        <tbody>
          {allActions.value
            .filter((action) => action.id.startsWith('desk.'))
            .map((action) => (
              <tr key={action.id}>
                <th scope="row">{action.label()}</th>
                <td>
                  <kbd>{keyOf(action).length === 1 ? keyOf(action).toUpperCase() : keyOf(action)}</kbd>
                </td>
                <td>
                  <button
                    type="button"
                    aria-label={`${t.changeKey}: ${action.label()}`}
                    onClick={() => {
                      taken.value = null;
                      changing.value = changing.value === action.id ? null : action.id;
                    }}
                    onKeyDown={(event) => listen(event, action.id)}
                    onBlur={() => {
                      changing.value = null;
                    }}
                  >
                    {changing.value === action.id ? t.pressKey : t.changeKey}
                  </button>
                  {keyOf(action) !== action.key && (
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`${t.resetKey}: ${action.label()}`}
                      onClick={() => remap(action.id, null)}
                    >
                      {t.resetKey}
                    </button>
                  )}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </Dialog>
  );
}
