// What gets lost, and what does not: turno is killed, the network goes, the page is loaded again, there are two tabs.
import assert from 'node:assert/strict';
import { play, signIn, until } from './stage.js';

const state = (page, words) => until(`state ${words}`, async () => words.test(await page.textContent('.big-state')));
const NOTE = 'Falta el informe de suelo';

await play('no typed word is lost, and the state is right again within seconds', async (stage) => {
  stage.user('ana', 'agent', '1001');
  const phone = await stage.phone('1001');
  const browser = await stage.browser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'es-EC' });
  const page = await context.newPage();
  const { keyboard } = page;
  await signIn(page, `${stage.url}/desk`, 'ana');
  await state(page, /Fuera/);
  await keyboard.press('i');
  await state(page, /recién|Disponible/);
  await keyboard.press('r');
  await state(page, /Disponible/);
  const citizen = await stage.caller('0991234567');
  void citizen.dial('7001');
  await phone.rings();
  phone.answer();
  await state(page, /Hablando/);
  await keyboard.press('n');
  await keyboard.type(NOTE);

  // kill -9 in the middle of the call and of the form: typing goes on.
  stage.kill();
  await page.waitForSelector('.banner.bad');
  await keyboard.type(' y el plano');
  const killed = Date.now();
  await stage.start();
  await page.waitForSelector('.banner.bad', { state: 'detached' });
  await state(page, /Hablando/);
  assert.equal(await page.inputValue('#note'), `${NOTE} y el plano`);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'note', 'the focus stays where one types');
  console.log(`right again ${Date.now() - killed} ms after the kill`);

  // A page that is loaded again.
  await page.reload();
  await state(page, /Hablando/);
  await page.waitForSelector('#note');
  assert.equal(await page.inputValue('#note'), `${NOTE} y el plano`);

  // The network goes: seen at once, and an order says so.
  await context.setOffline(true);
  await keyboard.press('w');
  await keyboard.type('12');
  await page.waitForSelector('.banner.bad');
  await keyboard.press('Enter');
  await page.waitForSelector('.toast.bad');
  assert.equal(await page.inputValue('#wrap-up'), '12', 'what was typed stays in its field');
  await context.setOffline(false);
  await page.waitForSelector('.banner.bad', { state: 'detached' });
  await page.focus('#wrap-up');
  await keyboard.press('Enter');
  await page.waitForSelector('.wrap-up .badge.good');

  // The note went with the code, for the record.
  await keyboard.press('Escape');

  // Two tabs: one leads, the other mirrors, and leads when the first is closed.
  const mirror = await context.newPage();
  await mirror.goto(`${stage.url}/desk`);
  await mirror.waitForSelector('.banner.mirror');
  await state(mirror, /Hablando/);
  assert.ok(await mirror.isDisabled('#note'));
  assert.equal(await mirror.inputValue('#note'), `${NOTE} y el plano`, 'it shows what is typed in the other one');
  await mirror.click('.banner.mirror button');
  await mirror.waitForSelector('.banner.mirror', { state: 'detached' });
  await page.waitForSelector('.banner.mirror');
  await mirror.close();
  await page.waitForSelector('.banner.mirror', { state: 'detached' });
  await page.waitForSelector('#note:enabled');

  // An order that is refused says why.
  await keyboard.press('t');
  await keyboard.type('7777777');
  await keyboard.press('Enter');
  await page.waitForSelector('.toast.bad');
  await citizen.hangUp();
  await state(page, /Trabajo posterior/);
  await page.waitForSelector('#note');
  assert.equal(await page.inputValue('#note'), `${NOTE} y el plano`, 'after-call work is about the same contact');
});
