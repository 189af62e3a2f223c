// A wall by a reader's token: what it shows, a turno that is killed and comes back, and a token that ends. It says READY when the
// wall is shown and waits for the kill, LOST when the wall says so, BACK when it is live again.
import { enter, endToken, readersToken, tokens } from './api.mjs';
import { browse, expect, page, PATIENCE, TURNO, violations } from './browser.mjs';

const token = await readersToken();
await browse(async (browser) => {
  const { page: wall, context, faults } = await page(browser, { language: 'en', width: 1280, height: 720 });
  await wall.goto(`${TURNO}/wall#token=${token}`);
  await wall.waitForSelector('.tile[data-state=available]');
  expect(!wall.url().includes('token'), 'the token stays in the address');
  const text = await wall.innerText('main');
  for (const words of ['Longest wait', 'Waiting', 'In time', 'Gave up', 'Next hour', 'Past target']) {
    expect(text.includes(words), `the wall lacks ${words}`);
  }
  expect(!/0991234567/.test(text), "a reader sees a caller's number");
  const sizes = await wall.$$eval('.firsts .big, .clock', (all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize)));
  expect(Math.min(...sizes) >= 48, `digits of ${Math.min(...sizes)} px`);
  const scrolls = await wall.evaluate(() => document.documentElement.scrollHeight > innerHeight || document.documentElement.scrollWidth > innerWidth);
  expect(!scrolls, 'the wall scrolls');
  for (const line of await violations(wall)) expect(false, `axe: ${line}`);
  await wall.waitForFunction(() => document.querySelector('#waiting .big')?.textContent === '1', undefined, { timeout: PATIENCE });
  const first = await wall.innerText('#longest .big');
  await wall.waitForFunction((then) => document.querySelector('#longest .big')?.textContent !== then, first);

  console.log('READY');
  await wall.waitForSelector('.banner.bad');
  await wall.waitForFunction(() => /No connection to turno for 0:(0[2-9]|[1-5]\d)/.test(document.querySelector('.banner.bad')?.textContent ?? ''));
  expect(await wall.isVisible('.tile'), 'what was seen is gone');
  expect((await wall.evaluate(() => parseFloat(getComputedStyle(document.querySelector('.banner')).fontSize))) >= 24, 'the loss is said in small letters');
  console.log('LOST');
  await wall.waitForSelector('.wall.live');
  await wall.waitForSelector('.banner.bad', { state: 'detached' });
  console.log('BACK');

  // The network goes away and comes back.
  await context.setOffline(true);
  // A machine of tests may have no network but its own, and then the browser tells no change.
  await wall.evaluate(() => dispatchEvent(new Event('offline')));
  await wall.waitForFunction(() => /No connection to turno for 0:\d\d/.test(document.querySelector('.banner.bad')?.textContent ?? ''));
  expect(await wall.isVisible('.tile'), 'what was seen is gone with the network');
  await context.setOffline(false);
  await wall.waitForSelector('.wall.live');
  await wall.waitForSelector('.banner.bad', { state: 'detached' });

  await enter();
  const mine = (await tokens()).find((one) => one.name.startsWith('wall'));
  if (mine) {
    await endToken(mine.name);
    await wall.waitForFunction(() => document.body.innerText.includes('token of this screen has ended'), undefined, { timeout: 2 * PATIENCE });
  }
  expect(faults.length === 0, `faults: ${faults.join('; ')}`);
});
console.log(process.exitCode ? 'BAD' : 'GOOD');
