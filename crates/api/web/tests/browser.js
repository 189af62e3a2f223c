// The phone in the page: Chromium, turno and a telephone. What is heard is measured by its frequency.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { play, signIn, until } from './stage.js';
import { Talker, wav } from './voice.js';

const AGENT = 440;
const CITIZEN = 1_000;
const state = (page, words) => until(`state ${words}`, async () => words.test(await page.textContent('.big-state')));

/** Keeps the connections of the page, so that a test can listen to them. */
function spy() {
  const Real = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...words) {
      super(...words);
      window.connections.push(this);
    }
  };
}

/** The loudest frequency that the page hears, 0 in silence. */
async function loudest(page) {
  return page.evaluate(async () => {
    const connection = window.connections.findLast((one) => one.connectionState === 'connected');
    const track = connection?.getReceivers()[0]?.track;
    if (!track) return 0;
    window.ear ??= new AudioContext();
    const analyser = window.ear.createAnalyser();
    analyser.fftSize = 4096;
    const source = window.ear.createMediaStreamSource(new MediaStream([track]));
    source.connect(analyser);
    await new Promise((done) => setTimeout(done, 300));
    const bins = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(bins);
    source.disconnect();
    const at = bins.indexOf(Math.max(...bins));
    return bins[at] > -60 ? Math.round((at * window.ear.sampleRate) / analyser.fftSize) : 0;
  });
}

const withBrowsers = (text) => text.replace('[[trunk]]', '[browser]\n[[trunk]]');

await play('a call in the browser', async (stage) => {
  stage.user('ana', 'agent', '1001');
  const file = join(stage.folder, 'agent.wav');
  writeFileSync(file, wav(AGENT, 5));
  const browser = await stage.browser([
    `--use-file-for-fake-audio-capture=${file}`, '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection',
  ]);
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'es-EC', permissions: ['microphone'] });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.addInitScript(spy);
  // The tone is no voice: what cleans voices would take it away.
  await page.addInitScript(() => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (asked) => {
      if (window.isWithoutMicrophone) return Promise.reject(new DOMException('gone', 'NotFoundError'));
      return real({ audio: { ...asked.audio, echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
    };
  });
  const { keyboard } = page;
  await signIn(page, `${stage.url}/desk`, 'ana');
  await page.waitForSelector('.banner.mirror button');
  await page.focus('.banner.mirror button');
  await keyboard.press('Enter');
  await until('the phone of the page is registered', async () => /Teléfono del navegador/.test(await page.textContent('.top')));
  await until('turno knows it', async () => (await page.$('.banner.mirror')) === null);
  await state(page, /Fuera/);
  await keyboard.press('i');
  await state(page, /recién|Disponible/);
  await keyboard.press('r');
  await state(page, /Disponible/);

  const citizen = await stage.caller('0991234567');
  const talker = new Talker(citizen.voice, CITIZEN);
  const dialled = citizen.dial('7001').then(() => {
    talker.to = citizen.mediaOf();
  });
  await page.waitForSelector('.offer');
  await page.waitForSelector('.buttons button.main');
  await keyboard.press('a');
  await dialled;
  await state(page, /Hablando/);
  await until('the citizen hears the agent', () => talker.hears(AGENT, [CITIZEN]));
  await until('the agent hears the citizen', async () => Math.abs((await loudest(page)) - CITIZEN) < 30);

  await keyboard.press('h');
  await state(page, /En espera/);
  talker.forget();
  await until('on hold the agent is not heard', () => !talker.hears(AGENT, [CITIZEN]));
  await keyboard.press('h');
  await state(page, /Hablando/);
  await until('the citizen hears the agent again', () => talker.hears(AGENT, [CITIZEN]));

  await keyboard.press('m');
  await page.waitForSelector('[aria-pressed=true]');
  await until('muted, the agent is not heard', () => !talker.hears(AGENT, [CITIZEN]));
  await keyboard.press('m');
  await until('and is heard again', () => talker.hears(AGENT, [CITIZEN]));

  // The page is loaded again: the call is taken up.
  await page.reload();
  const loaded = Date.now();
  await state(page, /Hablando/);
  await until('the agent hears the citizen after a reload', async () => Math.abs((await loudest(page)) - CITIZEN) < 30);
  await until('the citizen hears the agent after a reload', () => talker.hears(AGENT, [CITIZEN]));
  console.log(`talking again ${Date.now() - loaded} ms after a reload`);

  // turno is killed: the talk goes on, and the desk is right again.
  stage.kill();
  const killed = Date.now();
  await stage.start();
  await until('the citizen hears the agent after a kill', () => talker.hears(AGENT, [CITIZEN]));
  await until('the agent hears the citizen after a kill', async () => Math.abs((await loudest(page)) - CITIZEN) < 30);
  await page.waitForSelector('.banner.bad', { state: 'detached' });
  await state(page, /Hablando/);
  console.log(`heard again ${Date.now() - killed} ms after the kill`);
  await until('the phone is registered again', async () => /Teléfono del navegador/.test(await page.textContent('.top')));

  await keyboard.press('x');
  await state(page, /Trabajo posterior/);
  await keyboard.press('w');
  await keyboard.type('11');
  await keyboard.press('Enter');
  await page.waitForSelector('.wrap-up .badge.good');
  await keyboard.press('Escape');
  await keyboard.press('r');
  await state(page, /Disponible/);

  // The microphone goes away, and comes back.
  await page.evaluate(() => {
    window.isWithoutMicrophone = true;
    navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  });
  await state(page, /sin micrófono/);
  await page.evaluate(() => {
    window.isWithoutMicrophone = false;
  });
  await state(page, /Disponible/);

  // A page that is gone gets no offers.
  await page.close();
  assert.ok(true);
  talker.end();
}, withBrowsers);
