// A day of events on a wall, fed as fast as the page takes them, each another room of 20 agents. The wall's memory must be what it was. Then
// turno serves a newer page.
import { readersToken } from './api.mjs';
import { browse, expect, page, TURNO } from './browser.mjs';
import { fake, hour } from './rooms.mjs';

/** Rooms that are told, and the time from one to the next in microseconds: together a day. */
const ROOMS = Number(process.env.ROOMS ?? 43_200);
const STEP = Math.round((24 * 3_600e6) / ROOMS);
const WARM = 1_000;
const BYTES_MAX = 1_000_000;
const NODES_MAX = 200;

await browse(
  async (browser) => {
    const { page: wall, context, faults } = await page(browser, { width: 1920, height: 1080 });
    await wall.addInitScript(fake);
    await wall.addInitScript(hour, {});
    await wall.goto(`${TURNO}/wall#token=${await readersToken()}`);
    await wall.waitForFunction(() => globalThis.feed !== undefined);
    const tools = await context.newCDPSession(wall);
    await tools.send('Performance.enable');
    const told = async (from, many) =>
      wall.evaluate(
        async ([begin, count, step]) => {
          for (let n = begin; n < begin + count; n++) {
            globalThis.feed(globalThis.room(1.8e15 + n * step));
            // As many as a frame takes: each is rendered, since the room is a signal.
            if (n % 5 === 0) await new Promise((done) => requestAnimationFrame(done));
          }
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)));
        },
        [from, many, STEP],
      );
    const size = async () => {
      for (let n = 0; n < 3; n++) await tools.send('HeapProfiler.collectGarbage');
      const { metrics } = await tools.send('Performance.getMetrics');
      const of = (name) => metrics.find((one) => one.name === name)?.value ?? 0;
      return { bytes: of('JSHeapUsedSize'), nodes: of('Nodes'), listeners: of('JSEventListeners') };
    };
    await told(0, WARM);
    const before = await size();
    const began = Date.now();
    await told(WARM, ROOMS);
    const after = await size();
    const seconds = (Date.now() - began) / 1_000;
    const shown = Number(await wall.getAttribute('main', 'data-told'));
    console.log(`${ROOMS} rooms in ${seconds.toFixed(1)} s; heap ${before.bytes} -> ${after.bytes} bytes, nodes ${before.nodes} -> ${after.nodes}, listeners ${before.listeners} -> ${after.listeners}`);
    expect(shown === 1.8e15 + (WARM + ROOMS - 1) * STEP, 'the last room is not the one that is shown');
    expect(after.bytes - before.bytes < BYTES_MAX, `the heap grew by ${after.bytes - before.bytes} bytes`);
    expect(after.nodes - before.nodes < NODES_MAX, `${after.nodes - before.nodes} more nodes`);
    expect(after.listeners - before.listeners < NODES_MAX, `${after.listeners - before.listeners} more listeners`);
    expect(faults.length === 0, `faults: ${faults.join('; ')}`);

    // A newer page: not while somebody waits, then at once, and not again and again if the old one still comes.
    let loads = 0;
    wall.on('load', () => loads++);
    const tell = (waiting) =>
      wall.evaluate((many) => {
        const now = globalThis.room(Date.now() * 1_000);
        for (const queue of now.room.queues) Object.assign(queue, { waiting: many, waiting_since: many ? now.at : null });
        globalThis.feed({ ...now, pages: 'next' });
      }, waiting);
    const quiet = () => wall.waitForTimeout(1_500);
    await tell(2);
    await quiet();
    expect(loads === 0, 'it is loaded again while somebody waits');
    await tell(0).catch(() => {});
    for (let n = 0; n < 100 && loads === 0; n++) await wall.waitForTimeout(100);
    expect(loads === 1, `it is loaded again ${loads} times in a quiet moment`);
    await wall.waitForFunction(() => globalThis.feed !== undefined);
    await tell(0);
    await quiet();
    expect(loads === 1, 'it is loaded again although the same page came');
  },
  { args: ['--enable-precise-memory-info'] },
);
console.log(process.exitCode ? 'BAD' : 'GOOD');
