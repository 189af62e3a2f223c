// Words, names, bodies and floods of somebody who means no good: nothing runs, nothing falls, others go on.
import { connect } from 'node:net';
import { Citizen, site, withChat } from './chat_stage.js';
import { play, until } from './stage.js';

const PNG = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(500, 1)]);

/** Bytes of a body that are sent before its answer is looked for: more than turno takes of a text, and of a file. */
const [TEXT_BYTES, FILE_BYTES] = [300 << 10, (20 << 20) + (300 << 10)];

/**
 * The answer to a body that is announced in full and of which only the begin is sent: turno answers, and closes at once. Who still
 * writes then sees the end of the connection before the answer.
 */
function answerTo({ url, ip }, path, length, headers, sent = TEXT_BYTES) {
  const [port, body] = [new URL(url).port, Buffer.concat([PNG, Buffer.alloc(sent, 'x')])];
  const lines = Object.entries({ host: `${ip}:${port}`, 'content-length': length, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((done, failed) => {
    const socket = connect(Number(port), ip, () => {
      socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`);
      socket.write(body);
    });
    socket.once('data', (bytes) => {
      socket.destroy();
      done({ status: Number(String(bytes).split(' ')[1]) });
    });
    socket.once('error', failed);
  });
}

await play('hostile words and floods do nothing', async (stage) => {
  const other = await site(stage.ip, stage.url);
  const post = (path, body, headers = {}) =>
    fetch(stage.url + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });
  const is = async (answer, status, what) => {
    const { status: found } = await answer;
    if (found !== status) throw new Error(`${what}: ${found}, wanted ${status}`);
  };

  // Script in text and in names of files.
  const browser = await stage.browser();
  const context = await browser.newContext({ locale: 'es-EC' });
  const page = await context.newPage();
  let ran = false;
  page.on('dialog', (dialog) => {
    ran = true;
    void dialog.dismiss();
  });
  const citizen = await Citizen.at(page, other.origin);
  const script = '<img src=x onerror=alert(1)><script>alert(2)</script>';
  await citizen.says(`${script}\u202Etxt.exe`);
  await citizen.hears(`${script}txt.exe`);
  await citizen.allSent();
  const frame = page.frames().find((one) => one.url().includes('/chat?'));
  await frame.setInputFiles('input[type=file]', { name: '<img src=x onerror=alert(3)>\u202Egnp.png', mimeType: 'text/html', buffer: PNG });
  await citizen.frame.locator('button.file').waitFor();
  if ((await citizen.words()).some((one) => one.includes('\u202E'))) throw new Error('a mark of direction is shown');
  if (await frame.evaluate(() => document.querySelectorAll('.log script, .log img[onerror]').length)) throw new Error('markup in the log');
  await page.waitForTimeout(300);
  if (ran) throw new Error('script ran');

  // Bodies of 10 MB, and what is none.
  const token = await frame.evaluate(() => localStorage.getItem('turno.chat.token'));
  const bearer = { authorization: `Bearer ${token}` };
  const json = { 'content-type': 'application/json' };
  const huge = (path, headers) => is(answerTo(stage, path, 10 << 20, headers), 413, `${path} with 10 MB`);
  await huge('/chat/deeds', { ...json, ...bearer });
  await huge('/chat/sessions', json);
  await huge('/chat/plain/open', { 'content-type': 'application/x-www-form-urlencoded' });
  await is(post('/chat/deeds', '{', bearer), 400, 'no JSON');
  await is(post('/chat/deeds', '{"do":"leave"}', { authorization: 'Bearer x' }), 401, 'another secret');
  await is(answerTo(stage, '/chat/files?client=large&name=a.png', 30 << 20, bearer, FILE_BYTES), 413, 'a file of 30 MB');
  const program = await post('/chat/files?client=exe&name=a.png', Buffer.concat([Buffer.from('MZ'), Buffer.alloc(500, 3)]), bearer);
  if (program.ok) throw new Error('a program that calls itself a picture was taken');

  // Pages of other sites.
  for (const origin of ['https://evil.example', 'null']) {
    await is(post('/chat/sessions', '{"language":"es"}', { origin }), 403, `an origin ${origin}`);
  }
  const framed = await fetch(`${stage.url}/chat`);
  if (!framed.headers.get('content-security-policy').endsWith(`frame-ancestors 'self' ${other.origin}`)) throw new Error('other pages may frame the chat');
  const plain = await fetch(`${stage.url}/chat/plain`);
  if (!plain.headers.get('content-security-policy').includes("frame-ancestors 'none'")) throw new Error('the plain page may be framed');

  // A thousand chats of one address.
  const statuses = new Map();
  for (let at = 0; at < 1_000; at += 1) {
    const { status } = await post('/chat/sessions', '{"language":"en"}');
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }
  const opened = statuses.get(201) ?? 0;
  if (opened > 61 || (statuses.get(429) ?? 0) !== 1_000 - opened) throw new Error(`chats of one address: ${JSON.stringify([...statuses])}`);
  // Who writes already goes on.
  await citizen.says('sigo aquí');
  await citizen.allSent();
  await until('the last words', async () => (await citizen.words()).includes('sigo aquí'));
  console.log(`1,000 chats of one address: ${JSON.stringify([...statuses])}`);
  other.close();
}, withChat);
