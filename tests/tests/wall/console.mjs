// What a supervisor does in the console has its effect in the room, and can be undone. A caller waits in `hold`; the words PULLED, LISTENED and
// ENDED tell the test how far it is: after LISTENED another caller is to come.
import { enter, get } from './api.mjs';
import { browse, expect, page, signIn, TURNO, until } from './browser.mjs';

await enter();
const agent = async (extension) => (await get('/api/v1/room')).agents.find((one) => one.extension === extension);
const queue = async (name) => (await get('/api/v1/room')).queues.find((one) => one.name === name);

await browse(async (browser) => {
  const { page: desk, faults } = await page(browser, { language: 'en', width: 1440, height: 900 });
  const undo = async () => {
    await desk.locator('.toast button', { hasText: 'Undo' }).last().click();
  };
  await desk.goto(`${TURNO}/console`);
  await signIn(desk);
  await desk.waitForSelector('#content table');

  // An agent is sent on a break, and brought back by Undo.
  await desk.getByLabel('Do something with a001').selectOption('aux lunch');
  await until('a001 is away', async () => (await agent('a001')).reason === 'lunch');
  await undo();
  await until('a001 is back', async () => (await agent('a001')).state === 'available');

  // Logging out asks, and Cancel does nothing.
  await desk.getByLabel('Do something with a002').selectOption('log-out');
  await desk.locator('dialog button', { hasText: 'Cancel' }).click();
  expect((await agent('a002')).state === 'available', 'Cancel logged an agent out');
  await desk.getByLabel('Do something with a002').selectOption('log-out');
  await desk.locator('dialog button.danger').click();
  await until('a002 is out', async () => (await agent('a002')).state === 'logged-out');

  // A skill for a time is listed under numbers, and taken back there.
  const skill = desk.locator('form', { hasText: 'A skill for a time' });
  await skill.getByLabel('Agent').selectOption('a003');
  await skill.getByLabel('Queue').selectOption('lab');
  await skill.getByLabel('Level').selectOption('5');
  await skill.getByRole('button', { name: 'Change the skill' }).click();
  await until('the skill is changed', async () => (await get('/api/v1/skills')).some((row) => row.agent === 'a003' && row.level === 5));
  await desk.getByRole('link', { name: 'Numbers' }).click();
  await desk.getByRole('button', { name: 'As planned' }).click();
  await until('the skill is as planned', async () => (await get('/api/v1/skills')).every((row) => row.changed == null));

  // A number is listed and unlisted.
  await desk.getByLabel('Number', { exact: true }).fill('0997654321');
  await desk.getByRole('button', { name: 'Add' }).click();
  await until('it is listed', async () => (await get('/api/v1/caller-lists/blocked')).some((row) => row.number === '0997654321'));
  await desk.getByRole('button', { name: 'Remove 0997654321' }).click();
  await until('it is off the list', async () => (await get('/api/v1/caller-lists/blocked')).length === 0);

  await undo();
  await until('Undo lists it again', async () => (await get('/api/v1/caller-lists/blocked')).some((row) => row.number === '0997654321'));

  // An address is banned, and let in by Undo.
  await desk.getByLabel('Address', { exact: true }).fill('203.0.113.7');
  await desk.getByRole('button', { name: 'Ban', exact: true }).click();
  await until('it is banned', async () => (await get('/api/v1/bans')).some((row) => row.source === '203.0.113.7'));
  await undo();
  await until('it is let in', async () => (await get('/api/v1/bans')).every((row) => row.source !== '203.0.113.7'));
  // The page shows it too, without being opened again.
  await desk.getByRole('button', { name: 'Lift' }).waitFor({ state: 'detached' });

  // A queue is paused, and opened by Undo; closing asks.
  await desk.getByRole('link', { name: 'Queues' }).click();
  await desk.getByLabel('State of lab').selectOption('paused');
  await until('the queue is paused', async () => (await queue('lab')).state === 'paused');
  await undo();
  await until('the queue is open', async () => (await queue('lab')).state === 'open');
  await desk.getByLabel('State of lab').selectOption('closed');
  await desk.locator('dialog button', { hasText: 'Cancel' }).click();
  expect((await queue('lab')).state === 'open', 'Cancel closed a queue');

  // The caller who waits gets a priority, is given to an agent, and their story is told.
  await desk.getByRole('link', { name: 'Contacts' }).click();
  const waiting = async () => (await get('/api/v1/contacts')).contacts.find((one) => one.queue === 'hold');
  await desk.getByLabel(/^Priority of/).selectOption('5');
  await until('the priority is 5', async () => (await waiting())?.priority === 5);
  await undo();
  await until('the priority is 0', async () => (await waiting())?.priority === 0);
  const number = (await waiting()).contact;
  await desk.getByLabel(/^Give .* to an agent/).selectOption('a003');
  await until('a003 talks', async () => (await agent('a003')).state === 'talking');
  console.log('PULLED');
  await desk.goto(`${TURNO}/console#/contacts/${number}`);
  await desk.waitForSelector('.ladder svg .message');
  // The story and the ladder come each when they come.
  await desk.waitForFunction(() => document.querySelector('section[aria-labelledby=why]')?.textContent.includes('a003'));
  expect((await desk.locator('.ladder .name').count()) >= 3, 'the ladder lacks a party');

  // The supervisor listens, and stops.
  await desk.getByRole('link', { name: 'Room' }).click();
  await desk.getByLabel('Observe a003').selectOption('listen');
  await until('the supervisor listens', async () => (await agent('a004')).state === 'other-call');
  await desk.getByRole('button', { name: 'Whisper to the agent' }).click();
  await desk.getByRole('button', { name: 'Stop observing' }).click();
  await until('the supervisor has stopped', async () => (await agent('a004')).state !== 'other-call');

  // Ending a contact asks. Another caller waits for it.
  console.log('LISTENED');
  await until('another one waits', async () => (await get('/api/v1/contacts')).contacts.some((one) => one.stage === 'waiting'));
  await desk.goto(`${TURNO}/console#/contacts`);
  await desk.getByLabel(/^End the contact of/).click();
  await desk.locator('dialog button.danger').click();
  await until('the contact is gone', async () => (await get('/api/v1/contacts')).contacts.every((one) => one.stage !== 'waiting'));
  console.log('ENDED');

  // What was done is in the audit log, and a token for a wall can be made.
  await desk.getByRole('link', { name: 'Audit log' }).click();
  await desk.waitForSelector('text=act end');
  await desk.getByLabel('Words').fill('log-out');
  await desk.waitForFunction(() => [...document.querySelectorAll('#content tbody tr')].every((row) => row.textContent.includes('log-out')));
  await desk.getByRole('link', { name: 'Users and tokens' }).click();
  await desk.locator('form', { hasText: 'Make a token' }).getByLabel('Name').fill('hall');
  await desk.getByRole('button', { name: 'Make a token' }).click();
  expect((await desk.innerText('.made')).includes('/wall#token='), 'no address of the wall');
  expect(faults.length === 0, `faults: ${faults.join('; ')}`);
});
console.log(process.exitCode ? 'BAD' : 'GOOD');
