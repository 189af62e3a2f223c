import './theme.css';
import { render } from 'preact';
import type { ComponentType } from 'preact';
import { Banner } from './ui/Banner';
import { Confirm } from './ui/Confirm';
import { Guarded } from './ui/SignIn';
import { Toasts } from './ui/Toasts';

/** Light, dark, or as the system says. */
export type Theme = 'light' | 'dark' | 'system';
const KEPT = 'turno.theme';

export function theme(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function setTheme(chosen: Theme): void {
  localStorage.setItem(KEPT, chosen);
  wear(chosen);
}

function wear(chosen: Theme): void {
  if (chosen === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = chosen;
}
wear(theme());

/** Shows a page to who has signed in. `isBusy`: whether a call needs the page as it is. */
export function start(Page: ComponentType, isBusy: () => boolean = () => false): void {
  function Whole() {
    return (
      <>
        <Guarded>
          <Banner busy={isBusy()} />
          <Page />
        </Guarded>
        <Confirm />
        <Toasts />
      </>
    );
  }
  const place = document.getElementById('page');
  if (place) render(<Whole />, place);
}
