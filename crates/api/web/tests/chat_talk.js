// A citizen's page on another site and an agent's desk: words both ways, a page loaded again, a dead network, and kills in between.
import { Citizen, inOrder, site, takes, withChat, works } from './chat_stage.js';
import { play, signIn, until } from './stage.js';

const KILLS = Number(process.env.KILLS ?? 3);

await play('no word is lost or doubled', async (stage) => {
  stage.user('agent-1001', 'agent', '1001');
  await stage.phone('1001');
  const other = await site(stage.ip, stage.url);
  const browser = await stage.browser();
  const outside = await browser.newContext({ locale: 'es-EC', viewport: { width: 1000, height: 760 } });
  const page = await outside.newPage();
  const inside = await browser.newContext({ locale: 'es-EC', viewport: { width: 1280, height: 900 } });
  const desk = await inside.newPage();
  for (const one of [page, desk]) one.on('pageerror', (error) => console.error(error.message));
  await signIn(desk, `${stage.url}/desk`, 'agent-1001');
  await desk.waitForSelector('.written');
  await works(desk);

  let citizen = await Citizen.at(page, other.origin);
  await citizen.says('Quiero hablar con un asesor');
  await takes(desk);

  const atDesk = () => desk.locator('.messages .said').allTextContents();
  const sees = (text) => until(`the agent sees ${text}`, async () => (await atDesk()).includes(text));
  const answers = async (text) => {
    await desk.fill('#written-answer', text);
    await desk.press('#written-answer', 'Enter');
  };
  await sees('Quiero hablar con un asesor');
  await answers('Buenos días');
  await citizen.hears('Buenos días');
  await citizen.says('Necesito la LUAE');
  await sees('Necesito la LUAE');

  // A ready answer by its name, and a procedure's card by the citizen's words.
  await desk.focus('#written-answer');
  await desk.keyboard.type('/grac');
  await desk.keyboard.press('Enter');
  await desk.keyboard.press('Enter');
  await citizen.hears('Gracias por escribir.');

  // A draft survives a reload of the desk, the chat one of the page.
  await desk.fill('#written-answer', 'a medio escribir');
  await page.reload();
  await desk.reload();
  await desk.waitForSelector('#written-answer');
  if ((await desk.inputValue('#written-answer')) !== 'a medio escribir') throw new Error('the draft is lost');
  await desk.fill('#written-answer', '');
  citizen = await Citizen.at(page, other.origin);
  await citizen.hears('Gracias por escribir.');

  // No network at the citizen's, then at the agent's.
  await outside.setOffline(true);
  const away = ['sin red 1', 'sin red 2', 'sin red 3'];
  for (const text of away) await citizen.says(text);
  if ((await citizen.unsent()) !== 3) throw new Error('what is not sent is not marked so');
  await outside.setOffline(false);
  await sees('sin red 3');
  await citizen.allSent();
  await inside.setOffline(true);
  await answers('desde el puesto sin red');
  await inside.setOffline(false);
  await citizen.hears('desde el puesto sin red');

  // Kills, at any moment of a burst of both.
  const [asked, told] = [[], []];
  for (let kill = 0; kill < KILLS; kill += 1) {
    for (let number = 0; number < 5; number += 1) {
      asked.push(`pregunta ${kill}.${number}`);
      await citizen.says(asked.at(-1));
      told.push(`respuesta ${kill}.${number}`);
      await answers(told.at(-1));
      if (number === 2) stage.kill();
    }
    await stage.start();
    await sees(asked.at(-1));
    await citizen.hears(told.at(-1));
  }
  await citizen.allSent();
  await page.reload();
  citizen = await Citizen.at(page, other.origin);
  await citizen.hears(told.at(-1));
  await sees(asked.at(-1));
  for (const [who, all] of [['the citizen', await citizen.words()], ['the agent', await atDesk()]]) {
    inOrder(all, [...away], who);
    inOrder(all, asked, who);
    inOrder(all, told, who);
  }
  console.log(`${KILLS} kills, ${asked.length + told.length} messages: none lost, none doubled, in order`);
  other.close();
}, withChat);
