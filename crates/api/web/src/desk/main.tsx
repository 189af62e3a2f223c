import './desk.css';
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { w } from '../base/common';
import { signed } from '../base/http';
import { follow, leave, live } from '../base/live';
import { start } from '../base/start';
import { registerKeys } from './actions';
import { followOffers } from './attention';
import { Callbacks } from './callbacks/Callbacks';
import { followCallbacks } from './callbacks/state';
import { startConversations } from './conversations/keys';
import { Pane } from './conversations/Pane';
import { ToCaller } from './conversations/ToCaller';
import { isLeading, lead, takeTheLead } from './leading';
import { followOrders } from './orders';
import { followPhone, phone } from './phone/choice';
import { guardMicrophone } from './phone/guard';
import { followDesk, me } from './state';
import { ContactCard } from './ui/ContactCard';
import { Keypad } from './ui/Keypad';
import { KeysDialog } from './ui/KeysDialog';
import { Settings } from './ui/Settings';
import { AboutContact, Figures, Queues } from './ui/Side';
import { Breaks, StateCard } from './ui/StateCard';
import { PhoneTrouble, Top } from './ui/Top';
import { d } from './words';

type Open = 'settings' | 'keys' | 'keypad' | null;

function Desk() {
  const open = useSignal<Open>(null);
  const show = (what: Open) => () => {
    open.value = what;
  };
  useEffect(() => {
    lead();
    follow();
    const ends = [
      followDesk(),
      followOrders(),
      followPhone(),
      guardMicrophone(),
      followOffers(() => phone.value),
      startConversations(),
      followCallbacks(),
      registerKeys(() => phone.value, { settings: show('settings'), keys: show('keys'), keypad: show('keypad') }),
    ];
    return () => {
      leave();
      for (const end of ends) end();
    };
  }, []);
  const t = d.value;
  if (signed.value?.agent == null) return <main class="waiting">{t.noDesk}</main>;
  if (live.value === null) return <main class="waiting">{w.value.connecting}</main>;
  if (me.value === null) return <main class="waiting">{t.noDesk}</main>;
  return (
    <>
      {!isLeading.value && (
        <p class="banner mirror" role="status">
          {t.mirror}{' '}
          <button type="button" onClick={takeTheLead}>
            {t.leadHere}
          </button>
        </p>
      )}
      <PhoneTrouble />
      <Top phone={phone.value} openSettings={show('settings')} openKeys={show('keys')} />
      <main class="desk">
        <fieldset class="all" disabled={!isLeading.value}>
          <legend class="unseen">{w.value.desk}</legend>
          <div class="column">
            <StateCard />
            <Breaks />
            <Figures />
          </div>
          <div class="column">
            <ContactCard phone={phone.value} openKeypad={show('keypad')} />
            <ToCaller />
            <Pane />
          </div>
          <div class="column">
            <AboutContact />
            <Queues />
            <Callbacks />
          </div>
        </fieldset>
      </main>
      {open.value === 'settings' && <Settings close={show(null)} />}
      {open.value === 'keys' && <KeysDialog close={show(null)} />}
      {open.value === 'keypad' && <Keypad phone={phone.value} close={show(null)} />}
    </>
  );
}

start(Desk, () => ['ringing', 'talking', 'holding', 'acw'].includes(me.value?.state ?? ''));
