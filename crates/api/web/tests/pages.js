// What a desk meets besides: notifications, a page of the last version, a session that ends, a telephone's screen, a caller by SIPp.
import assert from 'node:assert/strict';
import { PASSWORD, play, signIn, until } from './stage.js';

const state = (page, words) => until(`state ${words}`, async () => words.test((await page.textContent('.big-state').catch(() => '')) ?? ''));

/** Notifications that are shown, and a stream whose turno has other pages as soon as `isOlder`. */
function spy() {
  window.shown = [];
  window.Notification = class {
    static permission = 'granted';
    static requestPermission = () => Promise.resolve('granted');
    constructor(title, { body }) {
      window.shown.push({ title, body, close: () => {} });
      this.at = window.shown.length - 1;
    }
    close() {
      window.shown[this.at].isClosed = true;
    }
  };
  Object.defineProperty(document, 'visibilityState', { get: () => (window.isHidden ? 'hidden' : 'visible') });
  const real = window.fetch.bind(window);
  window.fetch = async (where, how) => {
    const answer = await real(where, how);
    if (!String(where).endsWith('/api/v1/live') || !answer.body) return answer;
    const words = new TransformStream({
      transform: (piece, out) => out.enqueue(window.isOlder ? piece.replace(/"pages":"[^"]*"/g, '"pages":"another"') : piece),
    });
    const body = answer.body.pipeThrough(new TextDecoderStream()).pipeThrough(words).pipeThrough(new TextEncoderStream());
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

await play('notifications, old pages, ended sessions, small screens', async (stage) => {
  stage.user('uno', 'agent', '1001');
  const phone = await stage.phone('1001');
  phone.takesOrders = true;
  const browser = await stage.browser();
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'es-EC', hasTouch: true, isMobile: true });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(spy);
  await signIn(page, `${stage.url}/desk`, 'uno');
  await state(page, /Fuera/);
  await page.getByRole('button', { name: 'Entrar a la cola' }).tap();
  await state(page, /Disponible|recién/);
  if (!/Disponible/.test(await page.textContent('.big-state'))) await page.locator('.card.state button.main').tap();
  await state(page, /Disponible/);

  // Somebody calls by SIPp while the page is behind others: a notification, which is gone with the offer.
  await page.evaluate(() => {
    window.isHidden = true;
  });
  const over = stage.sippCaller('7001', 25_000);
  await phone.rings();
  await until('a notification is shown', () => page.evaluate(() => window.shown.length === 1));
  assert.match(await page.evaluate(() => `${window.shown[0].title}: ${window.shown[0].body}`), /Contacto nuevo: .*Licencias LUAE/);
  await page.evaluate(() => {
    window.isHidden = false;
  });
  await page.locator('.buttons button.main').tap();
  await state(page, /Hablando/);
  await until('the notification is gone', () => page.evaluate(() => window.shown[0].isClosed === true));

  // All that a talk needs is on a telephone's screen, without scrolling sideways.
  const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.equal(await isWide(), false);
  for (const name of ['Retener', 'Colgar', 'ayuda']) {
    const box = await page.getByRole('button', { name: new RegExp(name, 'i') }).first().boundingBox();
    assert.ok(box && box.width >= 24 && box.height >= 24 && box.x >= 0 && box.x + box.width <= 390, `${name}: ${JSON.stringify(box)}`);
  }

  // turno has newer pages: nobody is told in the talk, nor in after-call work.
  await page.evaluate(() => {
    window.isOlder = true;
  });
  await page.locator('#note').fill('Falta el plano');
  await new Promise((done) => setTimeout(done, 6_000));
  assert.equal(await page.getByRole('button', { name: 'Cargar de nuevo' }).count(), 0, 'a call needs the page');

  // The session ends in the talk: the talk goes on, and no typed word is lost.
  stage.ends('uno');
  await page.waitForSelector('input[name=name]');
  assert.ok(phone.call, 'the talk goes on');
  await page.locator('input[name=name]').fill('uno');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.getByRole('button', { name: 'Entrar' }).tap();
  await state(page, /Hablando/);
  assert.equal(await page.inputValue('#note'), 'Falta el plano');

  assert.equal(await over, 0, 'SIPp is content');
  await state(page, /Trabajo posterior/);
  await page.locator('#wrap-up').fill('11');
  await page.locator('#wrap-up').press('Enter');
  await page.waitForSelector('.wrap-up .badge.good');
  assert.equal(await page.getByRole('button', { name: 'Cargar de nuevo' }).count(), 0);
  await page.locator('.card.state button.main').tap();
  await state(page, /Disponible/);
  await page.getByRole('button', { name: 'Cargar de nuevo' }).waitFor();
  await page.getByRole('button', { name: 'Cargar de nuevo' }).tap();
  await state(page, /Disponible/);
  assert.deepEqual(errors, []);
});
