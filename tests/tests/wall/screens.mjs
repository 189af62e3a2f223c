// Takes pictures of every screen of the wall and the console, in both languages, light, dark and forced colours, full and empty:
// `TURNO=… TURNO_PASSWORD=… TURNO_TOKEN=… node screens.mjs FOLDER [wall|console|empty|story]`. `STIR=1` gives a demo what a morning brings.
import { mkdirSync } from 'node:fs';
import { enter, order } from './api.mjs';
import { browse, page, signIn, TOKEN, TURNO } from './browser.mjs';
import { fake, hour } from './rooms.mjs';
import { withNothing, withSamples } from './samples.mjs';

const folder = process.argv[2] ?? '.';
const only = process.argv[3];
const wanted = (what) => !only || only === what;
mkdirSync(folder, { recursive: true });
const SECTIONS = ['room', 'contacts', 'queues', 'breaks', 'callbacks', 'conversations', 'questions', 'numbers', 'recordings', 'reports', 'users', 'audit', 'plan', 'webhooks'];
const LOOKS = [
  { language: 'es', colours: 'light' },
  { language: 'en', colours: 'dark' },
  { language: 'es', colours: 'dark' },
  { language: 'en', colours: 'light' },
  { language: 'es', colours: 'light', forced: true },
];
const nameOf = ({ language, colours, forced }) => `${language}-${forced ? 'forced' : colours}`;
const AGENTS = ['norte', 'sur', 'centro', 'valle'].map((place) => `Agente de la ventanilla ${place}`);
const QUEUES = ['Impuesto predial', 'LUAE', 'Patente municipal', 'Transferencia de dominio y plusvalía', 'Trámites en línea', 'Información general'];
/** Rooms that a demo seldom has. */
const ROOMS = {
  empty: { isCalm: true, queues: 3, lined: QUEUES },
  full: { agents: 20, queues: 6, isWritten: true, named: ['Puesto'], lined: QUEUES },
  written: { isCalm: true, isWritten: true, queues: 3, lined: QUEUES },
  long: { agents: 36, isWritten: true, queues: 12, named: AGENTS, lined: ['Transferencia de dominio y plusvalía, ventanilla'] },
  most: { agents: 60, queues: 8, named: AGENTS, lined: QUEUES },
};

/** What a morning brings, so that no section is empty. */
async function stir() {
  await enter();
  const orders = [
    { do: 'aux', agent: '1003', reason: 'lunch' },
    ...['1007', '1012', '1015', '1016', '1017', '1018'].map((agent) => ({ do: 'ask-break', agent, reason: 'lunch' })),
    { do: 'set-skill', agent: '1001', queue: 'luae', level: 3, seconds: 7_200 },
    { do: 'list-caller', list: 'blocked', number: '0990001122', seconds: 864_000 },
    { do: 'ban', address: '203.0.113.7', seconds: 86_400 },
    { do: 'set-queue', queue: 'general', state: 'paused' },
    { do: 'enqueue', channel: 'callback', queue: 'general', from: '0987654321' },
    { do: 'enqueue', channel: 'callback', queue: 'general', from: '0976543210' },
  ];
  for (const one of orders) await order(one).catch((why) => console.log(String(why)));
}
if (process.env.STIR) await stir();

/** What scrolls although it should not, and what is cut off. */
async function faultsOf(wall) {
  return wall.evaluate(() => {
    const found = [];
    const root = document.documentElement;
    if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) found.push('scrolls');
    for (const one of document.querySelectorAll('.tile, .queue, .first, .channel')) {
      if (one.scrollHeight > one.clientHeight + 1) found.push(`${one.className} is cut by ${one.scrollHeight - one.clientHeight}: ${one.textContent.slice(0, 30)}`);
    }
    return found;
  });
}

async function walls(browser) {
  for (const look of LOOKS) {
    for (const [width, height] of [
      [1920, 1080],
      [1280, 720],
    ]) {
      const { page: wall, context, faults } = await page(browser, { ...look, width, height });
      await wall.goto(`${TURNO}/wall#token=${TOKEN}`);
      await wall.waitForSelector('.wall .tile');
      await wall.waitForTimeout(1_500);
      await wall.screenshot({ path: `${folder}/wall-live-${width}-${nameOf(look)}.png` });
      console.log(`wall ${width} ${nameOf(look)}`, await faultsOf(wall), faults);
      await context.close();
    }
    for (const [name, options] of Object.entries(ROOMS)) {
      const { page: wall, context } = await page(browser, { ...look, width: 1280, height: 720 });
      await wall.addInitScript(fake);
      await wall.addInitScript(hour, options);
      await wall.goto(`${TURNO}/wall#token=${TOKEN}`);
      await wall.waitForFunction(() => globalThis.feed !== undefined);
      await wall.evaluate(() => globalThis.feed(globalThis.room(Date.now() * 1_000)));
      await wall.waitForSelector('.wall');
      await wall.waitForTimeout(500);
      await wall.screenshot({ path: `${folder}/wall-${name}-${nameOf(look)}.png` });
      console.log(`wall ${name} ${nameOf(look)}`, await faultsOf(wall));
      // The stream says nothing more: after some seconds the wall says that the connection is lost.
      if (name === 'full') {
        await wall.waitForSelector('.banner.bad');
        await wall.waitForTimeout(3_000);
        await wall.screenshot({ path: `${folder}/wall-lost-${nameOf(look)}.png` });
      }
      await context.close();
    }
    const { page: wall, context } = await page(browser, { ...look, width: 1280, height: 720 });
    await wall.goto(`${TURNO}/wall#token=none`);
    await wall.waitForTimeout(1_500);
    await wall.screenshot({ path: `${folder}/wall-ended-${nameOf(look)}.png` });
    await context.close();
  }
}

async function consoles(browser, isEmpty) {
  for (const look of LOOKS) {
    const { page: console_, context, faults } = await page(browser, { ...look, width: 1440, height: 900 });
    if (isEmpty) {
      await console_.addInitScript(fake);
      await console_.addInitScript(hour, { isCalm: true, agents: 0, queues: 3, lined: QUEUES });
    }
    await console_.goto(`${TURNO}/console`);
    if (!isEmpty) await console_.waitForSelector('input[name=name]');
    if (!isEmpty) await console_.screenshot({ path: `${folder}/console-sign-in-${nameOf(look)}.png` });
    await signIn(console_);
    if (isEmpty) {
      await withNothing(console_);
      await console_.waitForFunction(() => globalThis.feed !== undefined);
      await console_.evaluate(() => setInterval(() => globalThis.feed(globalThis.room(Date.now() * 1_000)), 500));
    }
    await console_.waitForSelector('#content h2');
    for (const section of SECTIONS) {
      if (!isEmpty && ['conversations', 'questions', 'recordings', 'reports', 'plan', 'webhooks'].includes(section)) await withSamples(console_);
      const more = isEmpty ? '' : { recordings: '/8100', webhooks: '/crm' }[section] ?? '';
      await console_.evaluate((to) => (location.hash = to), `#/${section}${more}`);
      await console_.waitForTimeout(2_000);
      if (section === 'questions' && !isEmpty) await tries(console_);
      await console_.screenshot({ path: `${folder}/console-${isEmpty ? 'empty-' : ''}${section}-${nameOf(look)}.png` });
      const wide = await console_.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) console.log(`console ${section} ${nameOf(look)} is ${wide} too wide`);
    }
    console.log(`console ${isEmpty ? 'empty ' : ''}${nameOf(look)}`, faults);
    await context.close();
  }
}

/** Words that are tried on past questions. */
async function tries(console_) {
  await console_.fill('#words', 'venta en la calle, permiso del kiosco');
  await console_.click('section[aria-labelledby=trial] button[type=submit]');
  await console_.waitForSelector('.row-text');
}

async function stories(browser) {
  for (const look of LOOKS) {
    const { page: console_, context } = await page(browser, { ...look, width: 1440, height: 900 });
    await console_.goto(`${TURNO}/console#/contacts`);
    await signIn(console_);
    await console_.waitForSelector('section[aria-labelledby=past] tbody tr');
    // One whose talk has ended.
    const told = console_.locator('section[aria-labelledby=past] tbody tr', { hasText: look.language === 'es' ? 'atendido' : 'answered' });
    await told.first().locator('a').click();
    await console_.waitForSelector('.ladder svg .message');
    await console_.waitForTimeout(500);
    await console_.screenshot({ path: `${folder}/console-story-${nameOf(look)}.png` });
    await context.close();
  }
}

await browse(async (browser) => {
  if (wanted('wall')) await walls(browser);
  if (wanted('console')) await consoles(browser, false);
  if (wanted('story')) await stories(browser);
  if (wanted('empty')) await consoles(browser, true);
});
