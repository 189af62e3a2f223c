// What the tests of the web chat have in common: a page of another site with the chat in it, its frame, and what axe says.
import { createServer } from 'node:http';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { until } from './stage.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const PORT = 9090;
const originOf = (ip) => `http://${ip}:${PORT}`;
const procedures = new URL('../../../../sip-config/quito/procedures', import.meta.url).pathname;
const codes = readdirSync(procedures)
  .flatMap((name) => /^wrap_up = "(\d+)"/m.exec(readFileSync(join(procedures, name), 'utf8'))?.[1] ?? [])
  .map((code) => `[[wrap_up_code]]\ncode = "${code}"\nname = "Procedimiento ${code}"\n`);

/** The plan with a chat that the other site may show, a bot, and procedures. */
export const withChat = (plan) => `${plan}
${[...new Set(codes)].join('')}
[knowledge]
procedures = "${procedures}"
[chat]
origins = ["${originOf(/udp:([0-9.]+):/.exec(plan)[1])}"]
messages = 600
sessions = 60
answers = ["hola: Buenos días, le atiende la ventanilla. ¿En qué le ayudo?", "gracias: Gracias por escribir."]
[written]
chat = "luae"
[bot]
on = true
`;

/** A site with the chat in its page. */
export async function site(ip, turno, attributes = 'data-language="es"') {
  const html = `<!doctype html><html lang="es"><head><meta charset="utf-8"><title>Sitio</title></head>
<body><main><h1>Trámites</h1><p>Una página de otro sitio.</p></main><script src="${turno}/chat.js" ${attributes}></script></body></html>`;
  const server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    answer.end(html);
  });
  await new Promise((done) => server.listen(PORT, ip, done));
  return { origin: originOf(ip), close: () => server.close() };
}

/** The chat in a page or a frame, as a person uses it. */
export class Citizen {
  constructor(page, frame) {
    this.page = page;
    this.frame = frame;
  }

  /** Opens the chat in the page of another site. */
  static async at(page, origin) {
    await page.goto(origin);
    await page.click('#turno-chat button');
    const frame = page.frameLocator('#turno-chat iframe');
    await frame.locator('#message').waitFor();
    return new Citizen(page, frame);
  }

  async says(text) {
    await this.frame.locator('#message').fill(text);
    await this.frame.locator('#message').press('Enter');
  }

  /** The words of the log, in order. */
  words() {
    return this.frame.locator('.log .words').allTextContents();
  }

  hears(text) {
    return until(`the person sees ${text}`, async () => (await this.words()).some((one) => one.includes(text)));
  }

  unsent() {
    return this.frame.locator('.said.waiting').count();
  }

  allSent() {
    return until('all is sent', async () => (await this.frame.locator('.said.waiting, .said.kept').count()) === 0);
  }
}

/** What is there once, and in this order. */
export function inOrder(all, wanted, who) {
  const found = all.filter((one) => wanted.includes(one));
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${who}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
}

/** No violation of WCAG 2.2 AA that axe finds. */
export async function lookedAt(page, what, options = {}) {
  await page.evaluate(axe);
  const found = await page.evaluate((asked) => window.axe.run(document, asked), { runOnly: TAGS, ...options });
  if (found.violations.length > 0) {
    const told = found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((node) => `  ${node.html}\n  ${node.failureSummary}`).join('\n')}`);
    throw new Error(`${what}:\n${told.join('\n')}`);
  }
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  if (isWide) throw new Error(`${what}: wider than the window`);
}

/** The agent goes to work: the bot passes nobody on while nobody is there. */
export async function works(desk) {
  await until('an agent who is free', async () => {
    const state = (await desk.locator('.big-state').textContent()) ?? '';
    if (state.match(/Disponible|Available/)) return true;
    if (state.match(/Fuera de turno|Logged out/)) await desk.keyboard.press('i');
    if (state.match(/Pausa|Break/)) await desk.keyboard.press('r');
    return false;
  });
}

/** The agent takes the offered conversation by its key. */
export async function takes(desk) {
  await desk.waitForSelector('.written-offer');
  await desk.keyboard.press('Alt+a');
  await desk.waitForSelector('#written-answer');
}
