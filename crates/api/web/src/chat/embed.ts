// What another site puts into its page: <script src="https://turno.example/chat.js" data-language="es" data-queue="general"></script>
// It draws a button and, when it is used, a frame of turno's host. It reads nothing of the page around, and needs no style of it.
(() => {
  const own = document.currentScript as HTMLScriptElement | null;
  if (own === null || own.src === '' || document.getElementById('turno-chat')) return;
  const host = new URL(own.src).origin;
  const asked = own.dataset;
  const language = (asked['language'] ?? document.documentElement.lang ?? navigator.language).startsWith('en') ? 'en' : 'es';
  const words = language === 'en' ? { open: 'Open the chat', close: 'Close the chat' } : { open: 'Abrir el chat', close: 'Cerrar el chat' };
  const query = new URLSearchParams({ lang: language });
  for (const name of ['queue', 'title', 'name']) if (asked[name]) query.set(name, asked[name] ?? '');

  const box = document.createElement('div');
  box.id = 'turno-chat';
  const button = document.createElement('button');
  button.type = 'button';
  const isLeft = asked['side'] === 'left';
  const wear = (element: HTMLElement, style: Partial<CSSStyleDeclaration>) => Object.assign(element.style, style);
  wear(box, { position: 'fixed', bottom: '16px', zIndex: '2147483000', display: 'flex', flexDirection: 'column', alignItems: isLeft ? 'flex-start' : 'flex-end', fontFamily: 'system-ui, sans-serif', [isLeft ? 'left' : 'right']: '16px' });
  wear(button, {
    minWidth: '56px', minHeight: '56px', padding: '0 20px', borderRadius: '28px', border: '2px solid #ffffff', background: '#0b5cad',
    color: '#ffffff', font: '600 17px/1.2 system-ui, sans-serif', cursor: 'pointer', boxShadow: '0 2px 8px rgba(0,0,0,.35)',
  });
  let frame: HTMLIFrameElement | null = null;
  let isOpen = false;
  let isReady = false;
  let news = '';

  const say = () => {
    button.textContent = isOpen ? '✕' : news === '' ? 'Chat' : `Chat · ${news}`;
    button.setAttribute('aria-label', isOpen ? words.close : news === '' ? words.open : `${words.open}: ${news}`);
    button.setAttribute('aria-expanded', String(isOpen));
  };
  const tell = (turno: 'shown' | 'hidden') => isReady && frame?.contentWindow?.postMessage({ turno }, host);
  const show = (is: boolean) => {
    isOpen = is;
    if (is && frame === null) {
      frame = document.createElement('iframe');
      frame.src = `${host}/chat?${query}`;
      frame.title = asked['title'] ?? 'Chat';
      frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms allow-downloads');
      wear(frame, {
        display: 'block', width: 'min(400px, calc(100vw - 32px))', height: 'min(620px, calc(100vh - 110px))', marginBottom: '12px',
        border: '1px solid #7b8896', borderRadius: '12px', background: '#ffffff', boxShadow: '0 4px 24px rgba(0,0,0,.35)', colorScheme: 'light dark',
      });
      box.insertBefore(frame, button);
    }
    if (frame) frame.style.display = is ? 'block' : 'none';
    tell(is ? 'shown' : 'hidden');
    say();
    if (is) frame?.focus();
    else button.focus();
  };
  button.addEventListener('click', () => show(!isOpen));
  addEventListener('message', (event) => {
    if (event.origin !== host || frame === null || event.source !== frame.contentWindow) return;
    const said = event.data as { turno?: string; count?: unknown; words?: unknown };
    if (said?.turno === 'close') show(false);
    if (said?.turno === 'ready') {
      isReady = true;
      tell(isOpen ? 'shown' : 'hidden');
    }
    if (said?.turno === 'news') {
      news = typeof said.count === 'number' && said.count > 0 ? String(said.words).slice(0, 40) : '';
      say();
    }
  });
  say();
  box.append(button);
  const put = () => document.body.append(box);
  if (document.body) put();
  else addEventListener('DOMContentLoaded', put);
})();
