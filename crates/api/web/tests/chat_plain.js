// The chat without script, in a browser that runs none: forms alone.
import { lookedAt, withChat } from './chat_stage.js';
import { play } from './stage.js';

await play('the page without script is a whole chat', async (stage) => {
  const browser = await stage.browser();
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'es-EC', viewport: { width: 320, height: 640 } });
  const page = await context.newPage();
  await page.goto(`${stage.url}/chat/plain`);
  await page.fill('#text', '<b>¿Cuánto cuesta la patente?</b>');
  await page.click('button[type=submit]');
  await page.waitForURL(/\/chat\/plain#end/);
  const log = () => page.textContent('.log');
  if (!(await log()).includes('<b>¿Cuánto cuesta la patente?</b>')) throw new Error('the words are not as they were written');
  // A button that is touched twice is one message.
  await page.fill('#text', 'la segunda');
  await page.dblclick('form[action="/chat/plain/say"] button');
  await page.locator('.log', { hasText: 'la segunda' }).waitFor();
  await page.waitForLoadState('networkidle');
  // Another page of the same person: whatever the second touch still loads here is not cut off.
  const again = await context.newPage();
  await again.goto(`${stage.url}/chat/plain`);
  const count = (await again.textContent('.log')).split('la segunda').length - 1;
  if (count !== 1) throw new Error(`${count} messages of one form`);
  // Who comes from a link elsewhere still has the chat.
  await again.goto('about:blank');
  await again.goto(`${stage.url}/chat/plain?lang=en`);
  if (!(await again.textContent('.log')).includes('la segunda')) throw new Error('the chat is gone');
  if ((await again.getAttribute('html', 'lang')) !== 'en') throw new Error('the language did not change');

  // axe needs script of its own: the same pages in another context.
  const state = await context.storageState();
  for (const scheme of ['light', 'dark']) {
    for (const lang of ['es', 'en']) {
      const looking = await browser.newContext({ storageState: state, colorScheme: scheme, bypassCSP: true, viewport: { width: 320, height: 640 } });
      const seen = await looking.newPage();
      await seen.goto(`${stage.url}/chat/plain?lang=${lang}`);
      await lookedAt(seen, `plain ${lang} ${scheme}`);
      const fresh = await browser.newContext({ colorScheme: scheme, bypassCSP: true, viewport: { width: 320, height: 640 } });
      const begin = await fresh.newPage();
      await begin.goto(`${stage.url}/chat/plain?lang=${lang}`);
      await lookedAt(begin, `plain begin ${lang} ${scheme}`);
      await looking.close();
      await fresh.close();
    }
  }
  await again.click('form[action="/chat/plain/leave"] button');
  await again.waitForSelector('form[action="/chat/plain/new"]');
}, withChat);
