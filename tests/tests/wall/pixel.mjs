// From an order to the wall: an agent's state is changed over the API, and the frame in which the wall shows it is timed.
import { enter, get, order, readersToken } from './api.mjs';
import { browse, expect, page, TURNO } from './browser.mjs';

const TIMES = Number(process.env.TIMES ?? 200);
/** 99 of 100 changes are seen within this. */
const MILLIS_MAX = Number(process.env.MILLIS_MAX ?? 250);

await enter();
const site = await get('/api/v1/site');
const reason = site.aux_reasons.find((one) => !one.in_turns)?.name ?? site.aux_reasons[0].name;
const token = await readersToken();

await browse(async (browser) => {
  const { page: wall } = await page(browser, { width: 1920, height: 1080 });
  await wall.goto(`${TURNO}/wall#token=${token}`);
  await wall.waitForSelector('.tile[data-state=available]');
  const agent = process.env.AGENT ?? (await wall.getAttribute('.tile[data-state=available]', 'data-agent'));
  const spans = [];
  for (let n = 0; n < TIMES; n++) {
    const to = n % 2 === 0 ? 'aux' : 'available';
    await wall.evaluate(
      ([extension, state]) => {
        globalThis.seen = new Promise((done) => {
          const is = () => document.querySelector(`[data-agent="${extension}"]`)?.dataset.state === state;
          const watch = new MutationObserver(() => {
            if (!is()) return;
            watch.disconnect();
            requestAnimationFrame(() => done(Date.now()));
          });
          watch.observe(document.body, { subtree: true, childList: true, attributes: true });
        });
      },
      [agent, to],
    );
    // Orders come at any time between two tellings.
    await new Promise((done) => setTimeout(done, Math.random() * 400));
    const began = Date.now();
    await order(to === 'aux' ? { do: 'aux', agent, reason } : { do: 'ready', agent });
    spans.push((await wall.evaluate(() => globalThis.seen)) - began);
  }
  spans.sort((a, b) => a - b);
  const of = (share) => spans[Math.min(spans.length - 1, Math.floor(spans.length * share))];
  console.log(`event to pixel, ${TIMES} times: p50 ${of(0.5)} ms, p90 ${of(0.9)} ms, p99 ${of(0.99)} ms, max ${spans.at(-1)} ms`);
  expect(of(0.99) <= MILLIS_MAX, `99 of 100 within ${of(0.99)} ms`);
});
console.log(process.exitCode ? 'BAD' : 'GOOD');
