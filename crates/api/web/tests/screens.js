// Walks through the desk's screens in both languages and themes: no violation of WCAG 2.2 AA that axe finds, nothing wider than the
// window. With SCREENS=folder the pictures are kept there.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { small } from './palette.js';
import { play, signIn, until } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const folder = process.env.SCREENS;
const KINDS = [
  { name: 'es-light', language: 'es', theme: 'light' },
  { name: 'es-dark', language: 'es', theme: 'dark' },
  { name: 'en-light', language: 'en', theme: 'light' },
  { name: 'en-dark', language: 'en', theme: 'dark' },
];
/** The pictures that are kept: the rest is looked at by axe alone. */
const KEPT = {
  'sign-in': ['es-light'], free: ['es-light', 'en-dark'], offer: ['es-light', 'en-dark'], talk: ['es-light', 'es-dark', 'en-light'],
  consult: ['es-light'], over: ['es-dark'], 'after-call': ['en-light'], settings: ['es-light'], keys: ['en-dark'], phone: ['es-light'], forced: ['es-light'],
};

let looked = 0;

async function look(page, screen, kinds = KINDS) {
  // Where the system paints its own colours, those of the sheet are not what is seen.
  const rules = screen === 'forced' ? { 'color-contrast': { enabled: false } } : {};
  for (const kind of kinds) {
    await page.evaluate((theme) => {
      document.documentElement.dataset.theme = theme;
    }, kind.theme);
    if ((await page.evaluate(() => document.documentElement.lang)) !== kind.language) {
      await page.evaluate(() => document.querySelector('button[lang]').click());
    }
    await page.waitForFunction((language) => document.documentElement.lang === language, kind.language);
    const found = await page.evaluate((options) => window.axe.run(document, options), { runOnly: TAGS, rules });
    if (found.violations.length > 0) {
      const told = found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`);
      throw new Error(`${screen} ${kind.name}:\n${told.join('\n')}`);
    }
    const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    if (isWide) throw new Error(`${screen} ${kind.name}: wider than the window`);
    looked += 1;
    if (folder && KEPT[screen]?.includes(kind.name)) {
      writeFileSync(join(folder, `desk-${screen}-${kind.name}.png`), small(await page.screenshot()));
    }
  }
}

const has = (page, text) => until(text, async () => (await page.textContent('.big-state')).match(text));

await play('every screen of the desk is for everybody', async (stage) => {
  stage.user('ana', 'agent', '1001');
  const phone = await stage.phone('1001');
  const browser = await stage.browser();
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, locale: 'es-EC', timezoneId: 'America/Guayaquil', bypassCSP: true });
  const page = await context.newPage();
  await page.addInitScript(axe);
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`${stage.url}/desk`);
  await page.waitForSelector('input[name=name]');
  await look(page, 'sign-in');
  await signIn(page, `${stage.url}/desk`, 'ana');
  await has(page, /Fuera|Logged out|Pausa/);
  await page.evaluate(() => document.querySelector('button[lang=es]')?.click());
  await look(page, 'logged-out');
  await page.keyboard.press('i');
  await has(page, /Pausa|Disponible|Break|Available/);
  await page.keyboard.press('r');
  await has(page, /Disponible|Available/);
  await look(page, 'free');
  const before = await stage.caller('0991234567');
  void before.dial('7002');
  await phone.rings();
  phone.answer();
  await page.waitForSelector('.target.far');
  await look(page, 'over');
  await before.hangUp();
  await has(page, /Trabajo|After/);
  await page.keyboard.press('r');
  await has(page, /Disponible|Available/);
  const citizen = await stage.caller('0991234567');
  void citizen.dial('7001');
  await phone.rings();
  await page.waitForSelector('.offer');
  await page.waitForSelector('.sentences li');
  await look(page, 'offer');
  phone.answer();
  await page.waitForSelector('.target');
  await page.keyboard.press('n');
  await page.keyboard.type('Trae la cédula; falta el informe de suelo.');
  await page.keyboard.press('Escape');
  await look(page, 'talk');
  await page.setViewportSize({ width: 390, height: 844 });
  await look(page, 'phone');
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.emulateMedia({ forcedColors: 'active' });
  await look(page, 'forced');
  await page.emulateMedia({ forcedColors: 'none' });
  const colleague = await stage.phone('1002');
  await page.keyboard.press('t');
  await page.keyboard.type('atencion');
  await look(page, 'directory', [KINDS[0]]);
  await page.focus('#transfer');
  await page.keyboard.press('Enter');
  await colleague.rings();
  colleague.answer();
  await page.waitForSelector('.consult button.main');
  await look(page, 'consult');
  await page.keyboard.press('b');
  await page.waitForSelector('#transfer');
  await page.keyboard.press('s');
  await page.waitForSelector('.sheet');
  await look(page, 'settings');
  await page.keyboard.press('Escape');
  await page.waitForSelector('.sheet', { state: 'detached' });
  await page.keyboard.press('?');
  await page.waitForSelector('.keys');
  await look(page, 'keys');
  await page.keyboard.press('Escape');
  await citizen.hangUp();
  await has(page, /Trabajo|After/);
  await look(page, 'after-call');
});
console.log(`${looked} screens looked at`);
