import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { w as common } from '../base/common';
import { signed, signOut } from '../base/http';
import { follow, leave, live } from '../base/live';
import { setTheme, start, theme, type Theme } from '../base/start';
import { LanguageButton } from '../base/ui/SignIn';
import { tell } from '../base/ui/Toasts';
import { place } from './place';
import { Audit } from './sections/Audit';
import { Breaks } from './sections/Breaks';
import { Callbacks } from './sections/Callbacks';
import { Contacts } from './sections/Contacts';
import { Conversations } from './sections/Conversations';
import { Numbers } from './sections/Numbers';
import { Plan } from './sections/Plan';
import { Questions } from './sections/Questions';
import { Queues } from './sections/Queues';
import { Recordings } from './sections/Recordings';
import { Reports } from './sections/Reports';
import { Room } from './sections/Room';
import { Users } from './sections/Users';
import { Webhooks } from './sections/Webhooks';
import { chooseExtension, isOperator, ownExtension, readSite, site } from './site';
import { w } from './words';
import './console.css';

interface Section {
  id: 'room' | 'contacts' | 'queues' | 'numbers' | 'recordings' | 'breaks' | 'callbacks' | 'conversations' | 'questions' | 'reports' | 'users' | 'audit' | 'plan' | 'webhooks';
  Page: ComponentType<{ what: string | null }>;
  /** For operators alone. */
  isForOperators?: boolean;
}

const SECTIONS: Section[] = [
  { id: 'room', Page: Room },
  { id: 'contacts', Page: Contacts },
  { id: 'queues', Page: Queues },
  { id: 'breaks', Page: Breaks },
  { id: 'callbacks', Page: Callbacks },
  { id: 'conversations', Page: Conversations },
  { id: 'questions', Page: Questions },
  { id: 'numbers', Page: Numbers },
  { id: 'recordings', Page: Recordings },
  { id: 'reports', Page: Reports },
  { id: 'users', Page: Users },
  { id: 'audit', Page: Audit, isForOperators: true },
  { id: 'plan', Page: Plan, isForOperators: true },
  { id: 'webhooks', Page: Webhooks, isForOperators: true },
];

/** Sections with addresses, and the page of the one that is open. */
function Console() {
  useEffect(() => {
    follow();
    void tell(readSite());
    return leave;
  }, []);
  const t = w.value;
  const role = signed.value?.role;
  if (role !== 'supervisor' && role !== 'operator') return <p class="waiting">{common.value.notForYou}</p>;
  const seen = SECTIONS.filter((section) => !section.isForOperators || isOperator());
  const open = seen.find((section) => section.id === place.value.section) ?? seen[0];
  if (!open || live.value === null || site.value === null) return <p class="waiting">{common.value.connecting}</p>;
  return (
    <div class="console">
      <a class="skip" href="#content" onClick={(event) => focusContent(event)}>
        {t.skip}
      </a>
      <header class="frame">
        <h1>{live.value.room.site}</h1>
        <Me />
      </header>
      <nav aria-label={t.sections}>
        <ul>
          {seen.map((section) => (
            <li key={section.id}>
              <a href={`#/${section.id}`} aria-current={section === open ? 'page' : undefined}>
                {t[section.id]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <Content key={open.id} title={t[open.id]} section={open} what={place.value.what} />
    </div>
  );
}

function focusContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Content({ title, section, what }: { title: string; section: Section; what: string | null }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const isFirst = useSignal(document.activeElement === document.body);
  useEffect(() => {
    document.title = `${title} · turno`;
  }, [title]);
  useEffect(() => {
    // Who goes on by keyboard begins at the section's heading, but nobody's focus is taken when the page opens.
    if (!isFirst.value) heading.current?.focus();
    isFirst.value = false;
  }, []);
  return (
    <main id="content" tabIndex={-1}>
      <h2 ref={heading} tabIndex={-1}>
        {title}
      </h2>
      <section.Page what={what} />
    </main>
  );
}

/** Who is signed in, and how the page looks. */
function Me() {
  const t = w.value;
  const chosen = useSignal<Theme>(theme());
  const own = signed.value?.agent;
  return (
    <div class="row me">
      {own == null && (
        <label class="row" title={t.ownExtensionIs}>
          <span class="soft">{t.ownExtension}</span>
          <select value={ownExtension.value} onChange={(event) => chooseExtension(event.currentTarget.value)}>
            <option value="">{t.none}</option>
            {site.value?.agents
              .filter((agent) => agent.supervises)
              .map((agent) => (
                <option key={agent.extension} value={agent.extension}>
                  {agent.extension} {agent.display}
                </option>
              ))}
          </select>
        </label>
      )}
      <label class="row">
        <span class="soft">{t.theme}</span>
        <select
          value={chosen.value}
          onChange={(event) => {
            chosen.value = event.currentTarget.value as Theme;
            setTheme(chosen.value);
          }}
        >
          <option value="system">{t.system}</option>
          <option value="light">{t.light}</option>
          <option value="dark">{t.dark}</option>
        </select>
      </label>
      <LanguageButton />
      <span class="soft">{signed.value?.name}</span>
      <button type="button" class="quiet" onClick={() => void tell(signOut())}>
        {common.value.signOut}
      </button>
    </div>
  );
}

start(Console);
