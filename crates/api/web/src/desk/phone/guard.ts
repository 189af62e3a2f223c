import { effect } from '@preact/signals';
import { toast } from '../../base/ui/Toasts';
import { isLeading } from '../leading';
import * as orders from '../orders';
import { me, MICROPHONE } from '../state';
import { d } from '../words';
import { BrowserPhone } from './browser_phone';
import { phone } from './choice';
import { check, microphone, watchDevices } from './devices';

/** How often a microphone that is gone is looked for, beside the browser's own word. */
const LOOK_SPAN = 3_000;

/** An agent whose microphone goes away gets no calls until it is back: AUX `microphone`. Until the returned function is called. */
export function guardMicrophone(): () => void {
  let isGone = false;
  let timer: number | undefined;
  /** The state of the agent, by its beginning, in which turno was told last. */
  let toldIn: number | null = null;
  const lose = () => {
    isGone = true;
    toast(d.value.micLost, true);
    timer = window.setInterval(() => void check(), LOOK_SPAN);
    orders.noMicrophone();
  };
  const find = () => {
    isGone = false;
    clearInterval(timer);
    toast(d.value.micBack);
    const used = phone.peek();
    if (used instanceof BrowserPhone) void used.takeMicrophone();
    orders.microphone();
  };
  const ends = [
    watchDevices(),
    effect(() => {
      const own = me.value;
      const lacks = phone.value.kind === 'browser' && ['gone', 'refused'].includes(microphone.value);
      const isTold = own?.since === toldIn;
      if (own === null || !isLeading.value) return;
      const isAside = own.state === 'aux' && own.reason === MICROPHONE;
      // A page that was closed meanwhile, or an agent who logs in, has another state than the microphone.
      const isWrong = lacks ? own.state === 'available' : isAside;
      toldIn = own.since;
      if (lacks && !isGone) lose();
      else if (!lacks && isGone) find();
      else if (isWrong && !isTold) (lacks ? orders.noMicrophone : orders.microphone)();
    }),
  ];
  return () => {
    clearInterval(timer);
    for (const end of ends) end();
  };
}
