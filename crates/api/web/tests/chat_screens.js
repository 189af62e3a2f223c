// The chat's screens in both languages and themes: no violation that axe finds, nothing wider than the window, less than 30 kB. With
// SCREENS=folder the pictures are kept there.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Citizen, lookedAt, site, takes, withChat, works } from './chat_stage.js';
import { small } from './palette.js';
import { play, signIn, until } from './stage.js';

const folder = process.env.SCREENS;
const BYTES_MAX = 30_000;

const keep = async (page, name) => {
  if (folder) writeFileSync(join(folder, `${name}.png`), small(await page.screenshot()));
};

await play('the chat is for everybody, and light', async (stage) => {
  stage.user('agent-1001', 'agent', '1001');
  await stage.phone('1001');
  const other = await site(stage.ip, stage.url);
  const browser = await stage.browser();
  const context = (language, scheme, width = 400) =>
    browser.newContext({ locale: language === 'es' ? 'es-EC' : 'en-GB', colorScheme: scheme, bypassCSP: true, viewport: { width, height: 640 }, timezoneId: 'America/Guayaquil' });

  // What a page of another site loads for the chat, compressed, all in all.
  const weighing = await (await browser.newContext({ viewport: { width: 1000, height: 760 } })).newPage();
  let bytes = 0;
  const client = await weighing.context().newCDPSession(weighing);
  await client.send('Network.enable');
  const loaded = [];
  weighing.on('response', (answer) => {
    const { pathname } = new URL(answer.url());
    if (new URL(answer.url()).origin === stage.url && !pathname.startsWith('/chat/')) loaded.push(answer);
  });
  await Citizen.at(weighing, other.origin);
  for (const answer of loaded) {
    // As gzip packs it, also where the browser took brotli.
    const packed = await fetch(answer.url(), { headers: { 'accept-encoding': 'identity' } });
    const { gzipSync } = await import('node:zlib');
    bytes += gzipSync(Buffer.from(await packed.arrayBuffer()), { level: 9 }).length;
  }
  if (bytes === 0 || bytes > BYTES_MAX) throw new Error(`${bytes} bytes in ${loaded.length} files`);
  console.log(`${bytes} bytes in ${loaded.length} files by gzip`);

  for (const language of ['es', 'en']) {
    for (const scheme of ['light', 'dark']) {
      const name = `${language}-${scheme}`;
      const page = await (await context(language, scheme)).newPage();
      await page.goto(`${stage.url}/chat?lang=${language}`);
      await page.waitForSelector('#message');
      await lookedAt(page, `chat begin ${name}`);
      await page.fill('#message', language === 'es' ? '¿Qué necesito para la LUAE?' : 'What do I need for the LUAE?');
      await page.keyboard.press('Enter');
      await until('an answer', async () => (await page.locator('.said:not(.own)').count()) > 0);
      await lookedAt(page, `chat answered ${name}`);
      await keep(page, `chat-answer-${name}`);
      await page.context().close();
    }
  }

  // The desk with a conversation, in both languages and themes.
  const desk = await (await context('es', 'light', 1280)).newPage();
  await desk.setViewportSize({ width: 1280, height: 1000 });
  await signIn(desk, `${stage.url}/desk`, 'agent-1001');
  await desk.waitForSelector('.written');
  await works(desk);
  const citizen = await (await context('es', 'light')).newPage();
  await citizen.goto(`${stage.url}/chat?lang=es&name=persona`);
  await citizen.fill('#message', 'Quiero hablar con un asesor');
  await citizen.keyboard.press('Enter');
  await takes(desk);
  await desk.fill('#written-answer', '¿En qué le ayudo?');
  await desk.press('#written-answer', 'Enter');
  await until('the answer', async () => (await citizen.textContent('.log')).includes('¿En qué le ayudo?'));
  await citizen.fill('#message', 'Tengo una tienda y quiero abrirla.');
  await citizen.keyboard.press('Enter');
  await until('the question', async () => (await desk.textContent('.messages')).includes('quiero abrirla'));
  await lookedAt(citizen, 'chat with an agent');
  await keep(citizen, 'chat-agent-es-light');
  for (const language of ['es', 'en']) {
    for (const theme of ['light', 'dark']) {
      await desk.evaluate((wanted) => {
        document.documentElement.dataset.theme = wanted;
      }, theme);
      if ((await desk.evaluate(() => document.documentElement.lang)) !== language) await desk.evaluate(() => document.querySelector('button[lang]').click());
      await lookedAt(desk, `desk ${language} ${theme}`);
      await keep(desk, `desk-conversation-${language}-${theme}`);
    }
  }
  other.close();
}, withChat);
