// Axe on each section of the console and on the wall, in both languages and in light, dark and forced colours; and by keyboard alone.
import { readersToken } from './api.mjs';
import { browse, expect, page, signIn, TURNO, violations } from './browser.mjs';

const SECTIONS = ['room', 'contacts', 'queues', 'breaks', 'callbacks', 'numbers', 'recordings', 'reports', 'users', 'audit', 'plan', 'webhooks'];
const LOOKS = [
  { language: 'es', colours: 'light' },
  { language: 'en', colours: 'dark' },
  { language: 'es', colours: 'dark' },
  { language: 'en', colours: 'light', forced: true },
];
const token = await readersToken();

await browse(async (browser) => {
  for (const look of LOOKS) {
    const name = JSON.stringify(look);
    const { page: console_, context, faults } = await page(browser, { ...look, width: 1280, height: 800 });
    await console_.goto(`${TURNO}/console`);
    await signIn(console_);
    await console_.waitForSelector('#content table');
    for (const section of SECTIONS) {
      await console_.goto(`${TURNO}/console#/${section}`);
      await console_.waitForFunction((id) => document.querySelector('nav a[aria-current]')?.getAttribute('href') === `#/${id}`, section);
      await console_.waitForFunction(() => !/Cargando…|Loading…/.test(document.querySelector('#content').textContent));
      const found = await violations(console_);
      for (const line of found) expect(false, `${section} ${name}: ${line}`);
    }
    const { page: wall, context: other } = await page(browser, { ...look, width: 1920, height: 1080 });
    await wall.goto(`${TURNO}/wall#token=${token}`);
    await wall.waitForSelector('.wall');
    for (const line of await violations(wall)) expect(false, `wall ${name}: ${line}`);
    expect(faults.length === 0, `${name}: ${faults.join('; ')}`);
    await context.close();
    await other.close();
  }

  // Sections are reached by keyboard: the first stop is the way past the sections, and each link opens by Enter.
  const { page: keys } = await page(browser, { language: 'en' });
  await keys.goto(`${TURNO}/console`);
  await signIn(keys);
  await keys.waitForSelector('#content table');
  await keys.evaluate(() => document.activeElement?.blur());
  await keys.keyboard.press('Tab');
  expect((await keys.evaluate(() => document.activeElement?.className)) === 'skip', 'the first stop is not the way past the sections');
  for (let n = 0; n < 20; n++) {
    await keys.keyboard.press('Tab');
    if ((await keys.evaluate(() => document.activeElement?.getAttribute('href'))) === '#/queues') break;
  }
  await keys.keyboard.press('Enter');
  await keys.waitForFunction(() => document.querySelector('#content h2')?.textContent === 'Queues');
  expect((await keys.evaluate(() => document.activeElement?.textContent)) === 'Queues', 'the focus is not at the section that was opened');
});
console.log(process.exitCode ? 'BAD' : 'GOOD');
