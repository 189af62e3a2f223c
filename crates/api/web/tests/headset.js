// The headset and the phone in the page: echo test, keypad, a microphone that ends, a session that ends, a second computer.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PASSWORD, play, signIn, until } from './stage.js';
import { Talker, wav } from './voice.js';

const [AGENT, CITIZEN] = [440, 1_000];
const state = (page, words) => until(`state ${words}`, async () => words.test((await page.textContent('.big-state').catch(() => '')) ?? ''));
const withBrowsers = (text) => text.replace('[[trunk]]', '[browser]\n[[trunk]]');

/** Keeps the microphones that the page opens, and measures what the page plays by Web Audio. */
function spy() {
  window.microphones = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (asked) => {
    if (window.isWithoutMicrophone) throw new DOMException('gone', 'NotFoundError');
    // The tone is no voice: what cleans voices would take it away.
    const stream = await open({ audio: { ...asked.audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    window.microphones.push(stream.getAudioTracks()[0]);
    return stream;
  };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      const ear = this.context.createAnalyser();
      ear.fftSize = 4096;
      connect.call(this, ear);
      window.ear = ear;
    }
    return connect.call(this, to, ...more);
  };
}

/** The loudest frequency that the page plays by Web Audio; 0 in silence. */
const played = (page) =>
  page.evaluate(() => {
    if (!window.ear || window.ear.context.state === 'closed') return 0;
    const bins = new Float32Array(window.ear.frequencyBinCount);
    window.ear.getFloatFrequencyData(bins);
    const at = bins.indexOf(Math.max(...bins));
    return bins[at] > -70 ? Math.round((at * window.ear.context.sampleRate) / window.ear.fftSize) : 0;
  });

/** The microphone is pulled out, or put in again. */
const unplug = (page) =>
  page.evaluate(() => {
    window.isWithoutMicrophone = true;
    for (const track of window.microphones) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
const plug = (page) =>
  page.evaluate(() => {
    window.isWithoutMicrophone = false;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });

/** A computer of its own, where this agent uses the phone in the page. */
async function computer(stage, browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'es-EC', permissions: ['microphone'] });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.addInitScript(spy);
  await signIn(page, `${stage.url}/desk`, 'uno');
  return page;
}

await play('headset, keypad, and what goes away', async (stage) => {
  stage.user('uno', 'agent', '1001');
  const file = join(stage.folder, 'agent.wav');
  writeFileSync(file, wav(AGENT, 5));
  const browser = await stage.browser([
    `--use-file-for-fake-audio-capture=${file}`, '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection',
  ]);
  const page = await computer(stage, browser);
  const { keyboard } = page;
  await page.click('.banner.mirror button');
  await until('the phone of the page is registered', async () => /Teléfono del navegador/.test(await page.textContent('.top')));
  await state(page, /Fuera/);
  await keyboard.press('i');
  await state(page, /recién|Disponible/);
  await keyboard.press('r');
  await state(page, /Disponible/);

  // The echo test: the meter moves, and the own tone is heard a second later; then it is silent.
  await keyboard.press('s');
  await page.waitForSelector('.sheet meter');
  await page.getByRole('button', { name: 'Prueba de eco' }).click();
  await until('the meter moves', async () => (await page.$eval('.sheet meter', (meter) => meter.value)) > 0.3);
  await until('the echo is heard', async () => Math.abs((await played(page)) - AGENT) < 20);
  await page.getByRole('button', { name: 'Parar' }).click();
  await until('the meter rests', async () => (await page.$eval('.sheet meter', (meter) => meter.value)) === 0);
  assert.equal(await played(page), 0);
  await keyboard.press('Escape');
  await page.waitForSelector('.sheet', { state: 'detached' });

  // The microphone ends while nobody talks: AUX without a reason of the plan, and back by itself.
  await unplug(page);
  await state(page, /sin micrófono/);
  await plug(page);
  await state(page, /Disponible/);

  const citizen = await stage.caller('0991234567');
  const talker = new Talker(citizen.voice, CITIZEN);
  const dialled = citizen.dial('7001').then(() => {
    talker.to = citizen.mediaOf();
  });
  await page.waitForSelector('.buttons button.main');
  await keyboard.press('a');
  await dialled;
  await state(page, /Hablando/);
  await until('the citizen hears the agent', () => talker.hears(AGENT, [CITIZEN]));

  // Keys of the keypad arrive at the citizen's phone.
  await keyboard.press('k');
  await page.waitForSelector('.keypad');
  await keyboard.press('5');
  await page.getByRole('button', { name: 'Tecla #' }).click();
  await until(`keys arrive: ${talker.digits}`, () => talker.digits === '5#');
  await keyboard.press('Escape');
  await page.waitForSelector('.keypad', { state: 'detached' });

  // The microphone ends in the talk: who has it again is heard again, in the same talk.
  await unplug(page);
  await page.waitForSelector('.toast.bad');
  await until('nobody is heard', () => !talker.hears(AGENT, [CITIZEN]));
  await plug(page);
  await until('the citizen hears the agent with the new microphone', () => talker.hears(AGENT, [CITIZEN]));
  await state(page, /Hablando/);

  // The session ends in the talk: the talk goes on, and who signs in again finds it.
  stage.ends('uno');
  await page.waitForSelector('input[name=name]');
  talker.forget();
  await until('the talk goes on', () => talker.hears(AGENT, [CITIZEN]));
  await page.focus('input[name=name]');
  await keyboard.type('uno');
  await keyboard.press('Tab');
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');
  await state(page, /Hablando/);
  talker.forget();
  await until('the talk goes on after signing in', () => talker.hears(AGENT, [CITIZEN]));
  await page.waitForSelector('button.danger');
  await until('the phone is registered again', async () => /✓ Teléfono del navegador/.test(await page.textContent('.top')));
  await keyboard.press('m');
  await page.waitForSelector('[aria-pressed=true]');
  await keyboard.press('m');
  await keyboard.press('x');
  await state(page, /Trabajo posterior/);
  await until('the citizen is free', () => citizen.call === null);

  // A second computer takes the phone. Where it was before, that is said as soon as something rings, with a way back.
  // The code of the last talk can be given there too.
  const second = await computer(stage, browser);
  await state(second, /Trabajo posterior/);
  await second.keyboard.press('w');
  await second.keyboard.type('11');
  await second.keyboard.press('Enter');
  await second.waitForSelector('.wrap-up .badge.good');
  await second.keyboard.press('Escape');
  await second.keyboard.press('s');
  await second.waitForSelector('.sheet');
  await second.getByLabel('Teléfono del navegador').check();
  await second.keyboard.press('Escape');
  await until('the second has the phone', async () => /✓ Teléfono del navegador/.test(await second.textContent('.top')));
  await keyboard.press('r');
  await state(page, /Disponible/);
  void citizen.dial('7001');
  await second.waitForSelector('.buttons button.main');
  await page.waitForSelector('.banner.mirror button');
  assert.match(await page.textContent('.banner.mirror'), /Otro puesto de este agente/);
  await second.keyboard.press('a');
  await state(second, /Hablando/);
  await second.keyboard.press('x');
  await state(second, /Trabajo posterior/);
  await second.keyboard.press('w');
  await second.keyboard.type('11');
  await second.keyboard.press('Enter');
  await second.waitForSelector('.wrap-up .badge.good');
  await page.click('.banner.mirror button');
  await page.waitForSelector('.banner.mirror', { state: 'detached' });
  await until('the first has the phone', async () => /✓ Teléfono del navegador/.test(await page.textContent('.top')));
  await keyboard.press('r');
  await state(page, /Disponible/);
  void citizen.dial('7001');
  await page.waitForSelector('.buttons button.main');
  await keyboard.press('a');
  await state(page, /Hablando/);
  await keyboard.press('x');
  await state(page, /Trabajo posterior/);
  talker.end();
}, withBrowsers);
