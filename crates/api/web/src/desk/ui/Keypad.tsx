import { useEffect } from 'preact/hooks';
import type { Phone } from '../phone/phone';
import { d } from '../words';
import { Dialog } from './Dialog';

const DIGITS = [...'123456789*0#'];

/** The keys of a telephone, by mouse and by keyboard. */
export function Keypad({ phone, close }: { phone: Phone; close: () => void }) {
  const t = d.value;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (DIGITS.includes(event.key)) phone.keys.press?.(event.key);
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [phone]);
  return (
    <Dialog id="keypad" title={t.keypad} close={close}>
      <div class="keypad">
        {DIGITS.map((digit) => (
          <button key={digit} type="button" aria-label={t.digit(digit)} onClick={() => phone.keys.press?.(digit)}>
            {digit}
          </button>
        ))}
      </div>
    </Dialog>
  );
}
