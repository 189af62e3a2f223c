import { effect, signal } from '@preact/signals';
import { announce } from '../base/announce';
import { isLeading } from './leading';
import { ring, stopRinging } from './phone/tones';
import type { Phone } from './phone/phone';
import { atHand, me, queueOf } from './state';
import { d } from './words';

/** Whether the browser shows notifications of this page. */
export const notifications = signal<NotificationPermission>('Notification' in window ? Notification.permission : 'denied');

export async function allowNotifications(): Promise<void> {
  if ('Notification' in window) notifications.value = await Notification.requestPermission();
}

const BLINK = 800;

/** Makes an offer seen and heard, without taking the focus; until the returned function is called. */
export function followOffers(phone: () => Phone): () => void {
  let shown: Notification | null = null;
  let blink: number | undefined;
  let offered: number | null = null;
  const quiet = () => {
    clearInterval(blink);
    blink = undefined;
    shown?.close();
    shown = null;
    stopRinging();
    document.title = title();
  };
  const title = () => `${d.value.state}: ${me.value?.display ?? ''} · turno`;
  const end = effect(() => {
    const isRinging = me.value?.state === 'ringing';
    if (!isRinging) {
      if (offered !== null) quiet();
      offered = null;
      document.title = title();
      return;
    }
    const contact = atHand.value;
    if (contact === null || offered === contact.contact) return;
    offered = contact.contact;
    const queue = queueOf(contact.queue)?.display ?? contact.queue ?? '';
    const text = d.value.offered(queue, contact.number ?? d.value.withheld);
    announce(text, 'assertive');
    if (!isLeading.value) return;
    let isOn = false;
    blink = window.setInterval(() => {
      isOn = !isOn;
      document.title = isOn ? `☎ ${text}` : title();
    }, BLINK);
    document.title = `☎ ${text}`;
    if (notifications.value === 'granted' && document.visibilityState !== 'visible') {
      shown = new Notification(d.value.offer, { body: text, tag: 'turno-offer' });
      shown.onclick = () => window.focus();
    }
    if (phone().kind === 'browser') ring();
  });
  return () => {
    end();
    quiet();
  };
}
