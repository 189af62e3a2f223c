// The whole shift of an agent with a phone on the desk, without a mouse.
import assert from 'node:assert/strict';
import { play, signIn, until } from './stage.js';

const state = (page, words) => until(`state ${words}`, async () => words.test(await page.textContent('.big-state')));
const said = (page, words) => until(`said ${words}`, async () => words.test(await page.textContent('body')));

await play('a whole shift without a mouse', async (stage) => {
  stage.user('ana', 'agent', '1001');
  const phone = await stage.phone('1001');
  const browser = await stage.browser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'es-EC' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => /Content Security Policy/.test(line.text()) && errors.push(line.text()));
  const { keyboard } = page;
  await signIn(page, `${stage.url}/desk`, 'ana');
  await state(page, /Fuera de turno/);
  await keyboard.press('i');
  await state(page, /recién|Disponible/);
  await keyboard.press('r');
  await state(page, /Disponible/);

  // The first caller: a note and the code by typing, during the talk.
  const citizen = await stage.caller('0991234567');
  void citizen.dial('7001');
  await phone.rings();
  await page.waitForSelector('.offer');
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'BODY', 'an offer takes no focus');
  await until('the title tells of it', async () => (await page.title()).includes('☎'));
  await until('the number is there', async () => (await page.textContent('.caller')) === '0991234567');
  phone.answer();
  await state(page, /Hablando/);
  await page.waitForSelector('.target.calm');
  await keyboard.press('n');
  await keyboard.type('Trae la cédula: rmhxp');
  await keyboard.press('Escape');
  await state(page, /Hablando/);
  await keyboard.press('w');
  await keyboard.type('renov');
  await keyboard.press('Enter');
  await page.waitForSelector('.wrap-up .badge.good');
  assert.match(await page.textContent('.wrap-up .badge.good'), /22 LUAE: renovación/);
  await keyboard.press('Escape');

  // A word with a colleague, and back.
  const colleague = await stage.phone('1002');
  await keyboard.press('t');
  await keyboard.type('atencion');
  await keyboard.press('Enter');
  await colleague.rings();
  await said(page, /Consulta con Atención Dos: timbra/);
  colleague.answer();
  await said(page, /hablan a solas/);
  await keyboard.press('Escape');
  await keyboard.press('j');
  await said(page, /hablan los tres/);
  await keyboard.press('b');
  await until('only the two talk', async () => colleague.call === null);
  await page.waitForSelector('#transfer');

  // A break is asked for; it comes after the talk. The code is given, so after-call work ends by a key.
  await phone.hold();
  await state(page, /En espera/);
  await phone.resume();
  await state(page, /Hablando/);
  await citizen.hangUp();
  await state(page, /Trabajo posterior/);
  await keyboard.press('l');
  await keyboard.press('p');
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await state(page, /Pausa: descanso/);
  await keyboard.press('r');
  await state(page, /Disponible/);

  // The second caller is passed on with one key, as soon as the colleague answers.
  await colleague.hangUp();
  const second = await stage.caller('0987654321');
  void second.dial('7002');
  await until('a phone rings', () => phone.call ?? colleague.call);
  if (colleague.call) {
    // The colleague was free for longer: it is not this agent's turn.
    colleague.answer();
    await until('they talk', async () => second.call);
    await second.hangUp();
    await until('it is over', async () => colleague.call === null);
    void second.dial('7002');
    await phone.rings();
  }
  phone.answer();
  await state(page, /Hablando/);
  await keyboard.press('t');
  await keyboard.type('1002');
  await keyboard.press('Shift+Enter');
  await colleague.rings();
  await said(page, /se pasa en cuanto conteste/);
  colleague.answer();
  await until('the agent is free of the call', async () => phone.call === null);
  assert.ok(colleague.call && second.call, 'the colleague talks to the citizen');
  await state(page, /Trabajo posterior/);
  await keyboard.press('r');
  await state(page, /Disponible/);

  // What is refused says why; keys and settings open and close; lunch is asked for; the day ends.
  await keyboard.press('?');
  await page.waitForSelector('.keys');
  await keyboard.press('Escape');
  await page.waitForSelector('.keys', { state: 'detached' });
  await keyboard.press('s');
  await page.waitForSelector('.pickers');
  await keyboard.press('Escape');
  await page.waitForSelector('.pickers', { state: 'detached' });
  await keyboard.press('p');
  await keyboard.press('Enter');
  await state(page, /Pausa: almuerzo/).catch(async () => said(page, /turno de pausa|La pausa empieza/));
  await keyboard.press('r');
  await state(page, /Disponible/);
  await keyboard.press('p');
  for (let at = 0; at < 3; at += 1) await keyboard.press('Tab');
  await keyboard.press('Enter');
  await state(page, /Fuera de turno/);
  await until('own figures', async () => /Atendidos\s*2/.test(await page.textContent('.figures')));
  assert.deepEqual(errors, []);
});
