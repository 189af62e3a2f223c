// Takes pictures of the wall and of each section of the console into docs/screens: `TURNO=… TURNO_PASSWORD=… node screens.mjs FOLDER`.
import { mkdirSync } from 'node:fs';
import { enter, order } from './api.mjs';
import { browse, NAME, page, signIn, TOKEN, TURNO } from './browser.mjs';
import { fake, hour } from './rooms.mjs';
import { withSamples } from './samples.mjs';

const folder = process.argv[2] ?? '.';
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const SECTIONS = ['room', 'contacts', 'queues', 'breaks', 'callbacks', 'numbers', 'recordings', 'reports', 'users', 'audit', 'plan', 'webhooks'];

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

await browse(async (browser) => {
  if (!only || only === 'wall') {
    for (const [language, colours, width, height] of [
      ['es', 'light', 1920, 1080],
      ['en', 'dark', 1280, 720],
    ]) {
      const { page: wall, context, faults } = await page(browser, { language, colours, width, height });
      await wall.goto(`${TURNO}/wall#token=${TOKEN}`);
      await wall.waitForSelector('.wall .tile');
      await wall.waitForTimeout(1_500);
      await wall.screenshot({ path: `${folder}/wall-${width}-${language}-${colours}.png` });
      const scrolls = await wall.evaluate(() => [document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]);
      console.log(`wall ${width}x${height}: scrolls by ${scrolls}`, faults);
      await context.close();
    }
  }
  if (!only || only === 'wall') {
    for (const [name, language, colours, options, width] of [
      ['empty', 'es', 'dark', { isCalm: true, queues: 3 }, 1280],
      ['long', 'en', 'light', { agents: 36, queues: 12, named: 'Agente de la Administración Zonal Norte', lined: 'Transferencia de dominio y plusvalía' }, 1920],
    ]) {
      const { page: wall, context } = await page(browser, { language, colours, width, height: (width * 9) / 16 });
      await wall.addInitScript(fake);
      await wall.addInitScript(hour, options);
      await wall.goto(`${TURNO}/wall#token=${TOKEN}`);
      await wall.waitForFunction(() => globalThis.feed !== undefined);
      await wall.evaluate(() => globalThis.feed(globalThis.room(Date.now() * 1_000)));
      await wall.waitForSelector('.wall');
      await wall.waitForTimeout(500);
      await wall.screenshot({ path: `${folder}/wall-${name}.png` });
      // The stream says nothing more: after some seconds the wall says that the connection is lost.
      if (name === 'long') {
        await wall.waitForSelector('.banner.bad');
        await wall.waitForTimeout(3_000);
        await wall.screenshot({ path: `${folder}/wall-lost.png` });
      }
      const scrolls = await wall.evaluate(() => [document.documentElement.scrollHeight - innerHeight, document.documentElement.scrollWidth - innerWidth]);
      console.log(`wall ${name}: scrolls by ${scrolls}`);
      await context.close();
    }
  }
  if (!only || only === 'story') {
    const { page: console_, context } = await page(browser, { language: 'es', colours: 'light', width: 1440, height: 900 });
    await console_.goto(`${TURNO}/console#/contacts`);
    await signIn(console_);
    await console_.waitForSelector('section[aria-labelledby=past] tbody tr');
    // One whose talk has ended.
    const told = console_.locator('section[aria-labelledby=past] tbody tr', { hasText: 'atendido' });
    await told.first().locator('a').click();
    await console_.waitForSelector('.ladder svg .message');
    await console_.waitForTimeout(500);
    await console_.screenshot({ path: `${folder}/console-story.png`, fullPage: false });
    await context.close();
  }
  if (!only || (only !== 'wall' && only !== 'story')) {
    for (const [place, section] of SECTIONS.entries()) {
      if (only && only !== section) continue;
      const [language, colours] = place % 2 === 0 ? ['es', 'light'] : ['en', 'dark'];
      const { page: console_, context, faults } = await page(browser, { language, colours, width: 1440, height: 900 });
      if (['recordings', 'reports', 'plan'].includes(section)) await withSamples(console_);
      await console_.goto(`${TURNO}/console#/${section === 'recordings' ? 'recordings/8100' : section}`);
      await signIn(console_);
      await console_.waitForSelector('#content h2');
      await console_.waitForTimeout(2_000);
      await console_.screenshot({ path: `${folder}/console-${section}.png` });
      console.log(`console ${section} of ${NAME}`, faults);
      await context.close();
    }
  }
});
