// A browser for the scripts of this folder: Debian's Chromium, driven by playwright-core of the pages' own packages.
import { createRequire } from 'node:module';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const web = fileURLToPath(new URL('../../../crates/api/web/', import.meta.url));
const require = createRequire(`${web}package.json`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Where turno serves, and who signs in. */
export const TURNO = process.env.TURNO ?? 'http://127.0.0.1:8081';
export const NAME = process.env.TURNO_USER ?? 'boss';
export const PASSWORD = process.env.TURNO_PASSWORD ?? '';
export const TOKEN = process.env.TURNO_TOKEN ?? '';

/** How long a condition is waited for: machines of tests are slow. */
export const PATIENCE = 60_000;

export async function browse(work, options = {}) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--autoplay-policy=no-user-gesture-required', ...(options.args ?? [])],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** A page with its language and its colours; what it says on its console, and requests to anybody else, are faults. */
export async function page(browser, { language = 'es', colours = 'light', width = 1280, height = 720, forced = false } = {}) {
  const context = await browser.newContext({
    locale: language === 'es' ? 'es-EC' : 'en-GB',
    colorScheme: colours,
    forcedColors: forced ? 'active' : 'none',
    viewport: { width, height },
    reducedMotion: 'reduce',
    bypassCSP: false,
  });
  const opened = await context.newPage();
  opened.setDefaultTimeout(PATIENCE);
  const faults = [];
  opened.on('pageerror', (error) => faults.push(String(error)));
  opened.on('console', (said) => {
    // A connection that is lost on purpose is told there by the browser itself.
    if (said.type() === 'error' && !/Failed to load resource|net::ERR_/.test(said.text())) faults.push(said.text());
  });
  opened.on('request', (request) => {
    const url = new URL(request.url());
    if (!['blob:', 'data:'].includes(url.protocol) && url.origin !== new URL(TURNO).origin) faults.push(`a request to ${url.origin}`);
  });
  return { page: opened, context, faults };
}

export async function signIn(opened) {
  await opened.waitForSelector('input[name=name]');
  await opened.fill('input[name=name]', NAME);
  await opened.fill('input[name=password]', PASSWORD);
  await opened.click('button[type=submit]');
}

/** What axe finds wrong by WCAG 2.2 AA, as lines. */
export async function violations(opened) {
  await opened.evaluate(axe);
  const found = await opened.evaluate(async () => {
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`));
  });
  return found;
}

export function fail(text) {
  console.error(`FAILED ${text}`);
  process.exitCode = 1;
}

export function expect(is, text) {
  if (!is) fail(text);
}

/** Waits until something is so. */
export async function until(what, is) {
  for (let n = 0; n < 600; n++) {
    if (await is()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`never: ${what}`);
}

/** Says a word to the test, and waits until the test has seen to it and says it too. */
export async function told(word) {
  console.log(word);
  await until(`the test says ${word}`, () => existsSync(process.env.GO) && readFileSync(process.env.GO, 'utf8').split('\n').includes(word));
}
