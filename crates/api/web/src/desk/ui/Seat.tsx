import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { get } from '../../base/http';
import * as orders from '../orders';
import { me, site } from '../state';
import { d } from '../words';
import { Combo } from './Combo';

/** Where the agent sits: at which phone, by typing; and standing up. */
export function Seat() {
  const t = d.value;
  const seat = useSignal<string | null>(null);
  const typed = useSignal('');
  const look = async () => {
    try {
      seat.value = (await get('/api/v1/desk/seat')).seat ?? null;
    } catch {
      // Shown as not known.
    }
  };
  const phones = me.value?.phones;
  useEffect(() => {
    void look();
  }, [phones]);
  const seats = (site.value?.seats ?? []).filter((one) => one.extension !== seat.value);
  const choices = seats.map((one) => ({ id: one.extension, name: one.display, mark: one.extension }));
  const change = async (work: Promise<boolean>) => {
    if (await work) typed.value = '';
    await look();
  };
  const name = site.value?.seats.find((one) => one.extension === seat.value)?.display;
  return (
    <fieldset>
      <legend>{t.seat}</legend>
      <p role="status">{seat.value === null ? t.seatNone : t.seatAt(seat.value, name ?? '')}</p>
      <div class="row seat">
        <Combo
          id="seat"
          label={t.sitAt}
          hint={t.sitHint}
          choices={choices}
          typed={typed.value}
          onType={(text) => {
            typed.value = text;
          }}
          onChoose={(choice) => choice && void change(orders.sit(choice.id))}
        />
        <button type="button" disabled={seat.value === null} onClick={() => void change(orders.leaveSeat())}>
          {t.leaveSeat}
        </button>
      </div>
    </fieldset>
  );
}
