import { effect } from '@preact/signals';
import { live } from '../../base/live';
import { toast } from '../../base/ui/Toasts';
import * as orders from '../orders';
import { me, MICROPHONE, site } from '../state';
import { d } from '../words';
import { BrowserPhone } from './browser_phone';
import { phone } from './choice';
import { check, microphone, watchDevices } from './devices';

/** How often a microphone that is gone is looked for, beside the browser's own word. */
const LOOK_SPAN = 3_000;

/** An agent whose microphone goes away gets no calls until it is back: AUX `microphone` where the plan has that reason, else the phone
 * leaves. Until the returned function is called. */
export function guardMicrophone(): () => void {
  let isGone = false;
  let timer: number | undefined;
  const lose = () => {
    isGone = true;
    toast(d.value.micLost, true);
    timer = window.setInterval(() => void check(), LOOK_SPAN);
    const used = phone.peek();
    if (hasReason()) void orders.pause(MICROPHONE, false);
    else if (used instanceof BrowserPhone && used.call.peek() === null) used.stop();
  };
  const find = () => {
    isGone = false;
    clearInterval(timer);
    toast(d.value.micBack);
    const used = phone.peek();
    if (!(used instanceof BrowserPhone)) return;
    void used.takeMicrophone();
    if (hasReason()) void orders.ready();
    else void used.start();
  };
  const ends = [
    watchDevices(),
    effect(() => {
      const isUsed = phone.value.kind === 'browser';
      const is = microphone.value;
      if (live.peek() === null) return;
      if (isUsed && !isGone && (is === 'gone' || is === 'refused')) lose();
      if (isGone && is === 'given') find();
    }),
    effect(() => {
      // A page that was closed while the microphone was gone has left the agent in AUX.
      const isAside = me.value?.state === 'aux' && me.value.reason === MICROPHONE;
      if (isAside && !isGone && microphone.value === 'given' && phone.value.kind === 'browser') void orders.ready();
    }),
  ];
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
  };
}

function hasReason(): boolean {
  return site.peek()?.aux_reasons.some((reason) => reason.name === MICROPHONE) ?? false;
}
