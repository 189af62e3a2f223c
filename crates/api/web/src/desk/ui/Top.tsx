import { w } from '../../base/common';
import { live } from '../../base/live';
import { signOut } from '../../base/http';
import { LanguageButton } from '../../base/ui/SignIn';
import { tell } from '../../base/ui/Toasts';
import { trouble } from '../phone/browser_phone';
import { browserForm, choosePhone, leavePhone, useHere, wanted } from '../phone/choice';
import type { Phone } from '../phone/phone';
import { me } from '../state';
import { d } from '../words';
import { KeyButton } from './Key';

/** Who sits here, with which phone, and what belongs to the page as a whole. */
export function Top({ phone, openSettings, openKeys }: { phone: Phone; openSettings: () => void; openKeys: () => void }) {
  const t = d.value;
  const own = me.value;
  const isAway = phone.state.value === 'away';
  const leave = () => {
    leavePhone();
    void tell(signOut());
  };
  return (
    <header class="top">
      <h1>
        {own?.display ?? ''} <span class="soft">{own ? t.extension(own.extension) : ''}</span>
      </h1>
      <p class="site soft">{live.value?.room.site}</p>
      <span class={isAway ? 'badge bad' : 'badge good'}>
        <span aria-hidden="true">{isAway ? '✖ ' : '✓ '}</span>
        {isAway ? t.phoneGone : phone.kind === 'desk' ? t.deskPhone : t.browserPhone}
      </span>
      <nav class="row">
        <KeyButton of="settings" onClick={openSettings}>
          {t.settings}
        </KeyButton>
        <KeyButton of="keys" onClick={openKeys}>
          {t.keys}
        </KeyButton>
        <LanguageButton />
        <button type="button" class="quiet" onClick={leave}>
          {w.value.signOut}
        </button>
      </nav>
    </header>
  );
}

/** What stands against the phone in this page, or that there could be one. */
export function PhoneTrouble() {
  const t = d.value;
  if (trouble.value === 'other-desk') {
    return (
      <p class="banner mirror" role="status">
        {t.otherDesk}{' '}
        <button type="button" onClick={useHere}>
          {t.useHere}
        </button>
      </p>
    );
  }
  if (trouble.value === 'refused') return <p class="banner bad" role="status">{t.phoneRefused}</p>;
  const isWithout = me.value?.phones === 0 && wanted.value === 'desk' && browserForm.value !== null;
  if (!isWithout) return null;
  return (
    <p class="banner mirror" role="status">
      {t.noPhone}{' '}
      <button type="button" onClick={() => choosePhone('browser')}>
        {t.useBrowser}
      </button>
    </p>
  );
}
