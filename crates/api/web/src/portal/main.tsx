import './portal.css';
import { w } from '../base/common';
import { signed, signOut } from '../base/http';
import { start } from '../base/start';
import { LanguageButton } from '../base/ui/SignIn';
import { tell } from '../base/ui/Toasts';

/** The pages, as far as they are for this user. */
function Portal() {
  const t = w.value;
  const who = signed.value;
  const leads = who?.role === 'supervisor' || who?.role === 'operator';
  const pages = [
    { href: '/desk', name: t.desk, is: t.deskIs, shown: who?.agent != null },
    { href: '/wall', name: t.wall, is: t.wallIs, shown: true },
    { href: '/console', name: t.console, is: t.consoleIs, shown: leads },
  ];
  return (
    <main class="portal">
      <header class="row">
        <h1>turno</h1>
        <span class="soft">{who?.name}</span>
        <LanguageButton />
        <button type="button" class="quiet" onClick={() => void tell(signOut())}>
          {t.signOut}
        </button>
      </header>
      <ul>
        {pages
          .filter((page) => page.shown)
          .map((page) => (
            <li key={page.href}>
              <a class="card" href={page.href}>
                <strong>{page.name}</strong>
                <span class="soft">{page.is}</span>
              </a>
            </li>
          ))}
      </ul>
    </main>
  );
}

start(Portal);
