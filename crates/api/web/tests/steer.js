// The page steers a phone on the desk: answer, hold, resume and hang up without touching it. What is heard is measured.
import assert from 'node:assert/strict';
import { play, signIn, until } from './stage.js';
import { Talker } from './voice.js';

// Tones that the music lacks.
const [AGENT, CITIZEN] = [1_700, 2_500];
const state = (page, words) => until(`state ${words}`, async () => words.test(await page.textContent('.big-state')));

await play('the page steers a desk phone', async (stage) => {
  stage.user('uno', 'agent', '1001');
  const phone = await stage.phone('1001');
  phone.takesOrders = true;
  const browser = await stage.browser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'es-EC' });
  const page = await context.newPage();
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const { keyboard } = page;
  await signIn(page, `${stage.url}/desk`, 'uno');
  await state(page, /Fuera de turno/);
  await keyboard.press('i');
  await state(page, /Disponible|recién/);
  await keyboard.press('r');
  await state(page, /Disponible/);

  // The seat is the agent's own; another one is chosen by typing, and left again.
  await keyboard.press('s');
  await page.waitForSelector('#seat');
  await until('the seat is shown', async () => /Ocupa el puesto 1001/.test(await page.textContent('.sheet')));
  await page.focus('#seat');
  await keyboard.type('1004');
  await keyboard.press('Enter');
  await page.waitForSelector('.toast.bad');
  assert.match(await page.textContent('.toast.bad'), /1004/, 'another agent sits there');
  await until('the settings are closed', async () => {
    await keyboard.press('Escape');
    return (await page.$('.sheet')) === null;
  });

  const citizen = await stage.caller('0991234567');
  const talkers = [new Talker(citizen.voice, CITIZEN), new Talker(phone.voice, AGENT)];
  const dialled = citizen.dial('7001').then(() => {
    talkers[0].to = citizen.mediaOf();
  });
  await phone.rings();
  await page.waitForSelector('.buttons button.main');
  await keyboard.press('a');
  await dialled;
  await state(page, /Hablando/);
  talkers[1].to = { ip: /c=IN IP4 (\S+)/.exec(phone.call.invite.body)[1], port: Number(/m=audio (\d+)/.exec(phone.call.invite.body)[1]) };
  await until('the citizen hears the agent', () => talkers[0].hears(AGENT, [CITIZEN]));
  await until('the agent hears the citizen', () => talkers[1].hears(CITIZEN, [AGENT]));

  // On hold the citizen hears music, and not the agent, whose phone talks on.
  await keyboard.press('h');
  await state(page, /En espera/);
  await page.waitForSelector('[aria-pressed=true]');
  talkers.forEach((one) => one.forget());
  await until('the citizen hears something', () => talkers[0].heard.length > 4_000);
  assert.ok(!talkers[0].hears(AGENT, [CITIZEN]), 'the agent is not heard');
  assert.ok(!talkers[1].hears(CITIZEN, [AGENT]), 'the citizen is not heard');
  stage.kill();
  await stage.start();
  await page.waitForSelector('.banner.bad', { state: 'detached' });
  await state(page, /En espera/);
  talkers[0].forget();
  await until('music after a kill', () => talkers[0].heard.length > 4_000);
  assert.ok(!talkers[0].hears(AGENT, [CITIZEN]), 'the agent is not heard after a kill');
  await keyboard.press('h');
  await state(page, /Hablando/);
  await until('the citizen hears the agent again', () => talkers[0].hears(AGENT, [CITIZEN]));
  await until('the agent hears the citizen again', () => talkers[1].hears(CITIZEN, [AGENT]));

  await keyboard.press('x');
  await state(page, /Trabajo posterior/);
  await until('both phones are free', () => phone.call === null && citizen.call === null);
  await keyboard.press('w');
  await keyboard.type('11');
  await keyboard.press('Enter');
  await page.waitForSelector('.wrap-up .badge.good');
  await keyboard.press('Escape');
  await keyboard.press('r');
  await state(page, /Disponible/);

  // A phone that takes no orders: the refusal says what to do, and the page offers it no more.
  phone.takesOrders = false;
  void citizen.dial('7001');
  await phone.rings();
  await page.waitForSelector('.buttons button.main');
  await keyboard.press('a');
  await page.locator('.toast.bad', { hasText: 'hágalo en el teléfono' }).waitFor();
  await page.waitForSelector('.hint.strong');
  assert.equal(await page.$('.buttons button.main'), null);
  phone.answer();
  await state(page, /Hablando/);
  await citizen.hangUp();
  await state(page, /Trabajo posterior/);
  for (const talker of talkers) talker.end();
  assert.deepEqual(errors, []);
});
