// A supervisor with a phone: listens, whispers, barges in, takes over, speaks, announces. The test beside it measures by tones what each
// of them hears; this script clicks, and looks at what is kept: the recording, the ladder, reports, the plan, webhooks, users, the audit log.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { enter, get, order } from './api.mjs';
import { browse, expect, page, signIn, told, TURNO, until } from './browser.mjs';

await enter();
const agent = async (extension) => (await get('/api/v1/room')).agents.find((one) => one.extension === extension);
const queue = async (name) => (await get('/api/v1/room')).queues.find((one) => one.name === name);

/** A program that is told of queues: it fails once, then takes everything. */
const hooks = [];
const receiver = createServer((request, answer) => {
  hooks.push(request.headers['webhook-id']);
  request.resume();
  answer.writeHead(hooks.length === 1 ? 503 : 204).end();
});
await new Promise((done) => receiver.listen(Number(process.env.HOOK), 'localhost', done));

await browse(async (browser) => {
  const { page: desk, faults } = await page(browser, { language: 'en', width: 1440, height: 900 });
  const open = async (section) => {
    await desk.goto(`${TURNO}/console#/${section}`);
    await desk.waitForFunction((id) => document.querySelector('nav a[aria-current]')?.getAttribute('href') === `#/${id}`, section.split('/')[0]);
  };
  const yes = () => desk.locator('dialog .row.end button').last().click();
  const press = (name) => desk.getByRole('button', { name, exact: true }).click();
  await desk.goto(`${TURNO}/console`);
  await signIn(desk);
  await desk.waitForSelector('#content table');

  // Listening, whispering, barging in, taking over.
  await open('contacts');
  await desk.getByLabel(/^Give .* to an agent/).selectOption('a001');
  await told('GIVEN');
  const contact = (await agent('a001')).contact;
  await open('room');
  await desk.getByLabel('Observe a001').selectOption('listen');
  await told('LISTEN');
  await press('Whisper to the agent');
  await desk.waitForSelector('button[aria-pressed=true]:has-text("Whisper")');
  await told('WHISPER');
  await press('Barge in');
  await told('BARGE');
  await press('Take the call over');
  await desk.locator('dialog button', { hasText: 'Cancel' }).click();
  expect((await agent('a001')).state === 'talking', 'Cancel took the call over');
  await press('Take the call over');
  await yes();
  await told('TAKEN');
  await until('nobody talks', async () => (await agent('a004')).state !== 'talking');

  // Speaking to a queue, announcing, the emergency.
  await told('QUEUES');
  await open('queues');
  await until('two wait', async () => (await queue('hold')).waiting === 2);
  await press('Speak to those who wait in hold');
  await told('SPEAK');
  await desk.getByLabel('Announce to those who wait in hold').selectOption('en/tone');
  await yes();
  await told('ANNOUNCE');
  await press('Turn on');
  await yes();
  await told('EMERGENCY');
  await press('Turn off');

  // The recording of the talk: its waveform is drawn, and its place moves by keyboard.
  const kept = async () => (await get('/api/v1/history/v_recording?latest=true')).rows.filter((row) => row.outcome === 'kept').sort((a, b) => b.length_ms - a.length_ms);
  await until('the recording is in the history', async () => (await kept()).length > 0);
  const [longest] = await kept();
  await open('recordings');
  await desk.locator(`#content table a.button[href$="/${longest.recording}"]`).click();
  await desk.waitForSelector('.wave canvas');
  const slider = desk.locator('.wave');
  const place = async () => Number(await slider.getAttribute('aria-valuenow'));
  const loud = await desk.evaluate(() => {
    const paper = document.querySelector('.wave canvas');
    const { data, width, height } = paper.getContext('2d').getImageData(0, 0, paper.width, paper.height);
    let [up, down] = [0, 0];
    for (let n = 3; n < data.length; n += 4) {
      if (data[n] === 0) continue;
      if ((n >> 2) / width < height / 2) up++;
      else down++;
    }
    return [up / width, down / width];
  });
  expect(Math.min(...loud) > 3, `a waveform of ${loud} pixels a column`);
  const whole = Number(await slider.getAttribute('aria-valuemax'));
  expect(Math.abs(whole - longest.length_ms / 1_000) <= 1, `a recording of ${whole} s, and ${longest.length_ms} ms in the history`);
  await slider.focus();
  await desk.keyboard.press('End');
  expect((await place()) === whole, 'End is not the end');
  await desk.keyboard.press('Home');
  expect((await place()) === 0, 'Home is not the begin');
  await desk.keyboard.press('ArrowRight');
  expect((await place()) === Math.min(5, whole), `an arrow goes to ${await place()}`);
  await desk.keyboard.press('Home');
  await desk.keyboard.press(' ');
  await desk.waitForFunction(() => (document.querySelector('audio')?.currentTime ?? 0) > 0.3);
  await desk.keyboard.press(' ');
  await desk.waitForFunction(() => document.querySelector('audio').paused);

  // The ladder of the call has all who took part.
  await open(`contacts/${contact}`);
  await desk.waitForSelector('.ladder svg .message');
  const names = await desk.locator('.ladder .name').allTextContents();
  for (const one of ['a001', 'a004']) expect(names.some((name) => name.includes(one)), `the ladder lacks ${one}: ${names}`);
  const story = await desk.textContent('.ladder');
  for (const word of ['INVITE', 'BYE', '200 OK']) expect(story.includes(word), `the ladder lacks ${word}`);

  // A callback that a program asked for is listed, and withdrawn; an agent's break is listed.
  await order({ do: 'enqueue', channel: 'callback', queue: 'hold', from: '0987654321' });
  await open('callbacks');
  await desk.waitForSelector('text=0987654321');
  await desk.getByLabel('Withdraw the callback to 0987654321').click();
  await yes();
  await until('it is withdrawn', async () => (await get('/api/v1/callbacks')).length === 0);
  await order({ do: 'aux', agent: 'a001', reason: 'lunch' });
  await open('breaks');
  await desk.waitForSelector('section[aria-labelledby=away] tr:has-text("a001"):has-text("Lunch")');
  await order({ do: 'ready', agent: 'a001' });

  // The test writes a day before into the history, and a report of both: a plot needs two.
  await told('REPORT');
  const lines = readFileSync(process.env.REPORT, 'utf8').trim().split(/\r?\n/).map((line) => line.split(','));
  await open('reports');
  await desk.waitForSelector('.plot canvas');
  const drawn = await desk.evaluate(() => {
    const paper = document.querySelector('.plot canvas');
    const { data } = paper.getContext('2d').getImageData(0, 0, paper.width, paper.height);
    return data.filter((value, n) => n % 4 === 3 && value > 0).length;
  });
  expect(drawn > 1_000, `a plot of ${drawn} pixels`);
  expect((await desk.innerText('.plot .u-legend')).includes('hold'), 'the plot lacks a line');
  const table = desk.locator('#content .scroll table').first();
  const heads = (await table.locator('thead th').allInnerTexts()).map((head) => head.toLowerCase());
  const cells = await table.locator('tbody tr').evaluateAll((rows) => rows.map((one) => [...one.children].map((cell) => cell.textContent)));
  expect(lines.length === 3, `a report of ${lines.length - 1} days`);
  for (const name of ['offered', 'answered', 'abandoned']) {
    const [ours, theirs] = [lines[0].indexOf(name), heads.indexOf(name)];
    expect(ours > 0 && theirs > 0, `no column ${name}: ${heads}`);
    for (const line of lines.slice(1)) {
      const same = cells.find((one) => one[0] === line[0] && one[1] === line[1]);
      expect(same && Number(same[theirs]) === Number(line[ours]), `${line[0]} ${line[1]} ${name}: ${line[ours]} is not in the console: ${same}`);
    }
  }

  // The plan on the disk has changed: what differs is shown, and loaded when it is confirmed.
  await told('EDIT');
  await open('plan');
  await desk.waitForSelector('.differences li:has-text("9000")');
  await press('Load the plan');
  await yes();
  await desk.waitForSelector('text=The plan in force is that of the files.');

  // A message of a webhook waits after a failure, and goes when it is taken.
  await open('queues');
  await desk.getByLabel('State of lab').selectOption('paused');
  await until('it was told', () => hooks.length > 0);
  await open('webhooks');
  const waiting = desk.locator('#content tbody tr:has-text("crm") td').nth(1);
  await until('the message waits', async () => (await waiting.innerText()) === '1');
  await until('it is told again', () => hooks.length > 1);
  expect(hooks[0] === hooks[1], 'another message came');
  await until('nothing waits', async () => (await waiting.innerText()) === '0');
  await open('queues');
  await desk.getByLabel('State of lab').selectOption('open');
  await until('the queue is open', async () => (await queue('lab')).state === 'open');

  // Users: one is added, barred, let in again by Undo, and removed after a question.
  await open('users');
  const form = desk.locator('section[aria-labelledby=users] form');
  await form.getByLabel('Name').fill('night');
  await form.locator('select').first().selectOption('supervisor');
  await form.getByLabel(/^Password/).fill('a long enough word');
  await press('Add a user');
  const user = desk.locator('section[aria-labelledby=users] tbody tr', { hasText: 'night' });
  await user.getByRole('button', { name: /Bar/ }).click();
  await user.getByRole('button', { name: /Let in/ }).waitFor();
  await desk.locator('.toast button', { hasText: 'Undo' }).last().click();
  await user.getByRole('button', { name: /Bar/ }).waitFor();
  await user.getByRole('button', { name: /Remove/ }).click();
  await yes();
  await user.waitFor({ state: 'detached' });

  // Who did what is in the audit log.
  await open('audit');
  await desk.waitForSelector('#content tbody tr');
  const log = (await get('/api/v1/audit?most=200')).rows.map((one) => one.deed);
  for (const deed of ['act pull', 'act observe', 'act change-observing', 'act take-over', 'act speak', 'act announce', 'act emergency-on', 'act emergency-off', 'act withdraw', 'reload', 'act set-queue']) {
    expect(log.includes(deed), `the audit log lacks ${deed}: ${[...new Set(log)]}`);
  }
  expect(faults.length === 0, `faults: ${faults.join('; ')}`);
});
receiver.close();
console.log(process.exitCode ? 'BAD' : 'GOOD');
