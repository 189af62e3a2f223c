import { computed, signal } from '@preact/signals';
import { me } from '../state';
import { deskPhone, type Phone, type PhoneState } from './phone';

/** A desk phone is there when it is registered. */
const registered = computed((): PhoneState => {
  const own = me.value;
  if (own === null) return 'connecting';
  return own.phones > 0 && own.reason !== 'unreachable' ? 'ready' : 'away';
});

/** The agent's phone: on the table, or in this page. */
export const phone = signal<Phone>(deskPhone(registered));
