import { signal } from '@preact/signals';
import { get, type Forms } from '../base/http';

/** What the next hour may bring; `null`: there is no history to go by. */
export const nextHour = signal<Forms['Expected'][] | null>(null);

const INTERVAL = 5 * 60_000;

/** Asks every five minutes until the returned function is called. */
export function followForecast(): () => void {
  const look = async () => {
    try {
      const found = await get('/api/v1/forecast');
      nextHour.value = found.length > 0 ? found : null;
    } catch {
      // Without a history, or while turno restarts, the wall says that there is none.
      nextHour.value = null;
    }
  };
  void look();
  const timer = setInterval(() => void look(), INTERVAL);
  return () => clearInterval(timer);
}
