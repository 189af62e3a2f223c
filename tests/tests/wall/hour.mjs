// An hour of events on a wall, fed as fast as the page takes them: 18,000 rooms of 20 agents. The wall's memory must be what it was.
import { readersToken } from './api.mjs';
import { browse, expect, page, TURNO } from './browser.mjs';

/** Rooms told in an hour: five a second. */
const ROOMS = Number(process.env.ROOMS ?? 18_000);
const WARM = 1_000;
const BYTES_MAX = 1_000_000;
const NODES_MAX = 200;

/** In place of the stream of turno, one that the script feeds. */
function fake() {
  const real = globalThis.fetch;
  globalThis.fetch = (what, how) => {
    if (!String(what).includes('/api/v1/live')) return real(what, how);
    const text = new TextEncoder();
    const body = new ReadableStream({
      start(stream) {
        globalThis.feed = (room) => stream.enqueue(text.encode(`event: room\ndata: ${JSON.stringify(room)}\n\n`));
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };
}

/** Makes rooms in the page: each is another one, by a small generator of its own. */
function hour() {
  let seed = 7;
  const any = (most) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % most;
  };
  const states = ['available', 'ringing', 'talking', 'holding', 'acw', 'aux', 'other-call', 'logged-out'];
  const reasons = ['lunch', 'rona', 'unreachable', 'break'];
  const recent = () => ({ offered: any(30), answered: any(30), answered_in_target: any(30), abandoned: any(5), service_level: any(100) / 100 });
  const since = (at) => at - any(3_600) * 1e6;
  let number = 1;
  globalThis.room = (at) => {
    const agents = Array.from({ length: 20 }, (_, n) => {
      const state = states[any(states.length)];
      const times = { available: 1, ringing: 1, talking: 1, holding: 1, acw: 1, aux: 1, other_call: 1 };
      const contact = state === 'talking' ? number + n : null;
      const rest = { phones: 1, answered: any(99), missed: any(9), breached: 0, handling: null, overstays: any(3), times };
      const due_at = state === 'aux' && any(2) ? at - any(600) * 1e6 : null;
      const turn_at = any(5) ? null : at + any(3_600) * 1e6;
      return { extension: String(1001 + n), display: `Agent ${n}`, state, reason: state === 'aux' ? reasons[any(4)] : null, since: since(at), contact, due_at, turn_at, ...rest };
    });
    const queues = Array.from({ length: 8 }, (_, n) => {
      const waiting = any(6);
      const now = { waiting, waiting_since: waiting ? since(at) : null, in_progress: any(9), available: any(9), staffed: 20, put_off: 0, state: any(20) ? 'open' : 'paused' };
      const counts = { entered: any(99), offered: any(99), answered: any(99), answered_in_target: any(99), abandoned: any(9), abandoned_short: 0 };
      return { name: `q${n}`, display: `Queue ${n}`, ...now, ...counts, service_level: any(100) / 100, asa: 1, aht: 1, within_target: 1, wait_target: 20, recent: recent() };
    });
    const contacts = Array.from({ length: 40 }, () => ({
      ...{ contact: number++, channel: 'voice', from: '*67', arrived: since(at), queue: 'q0', stage: 'talking', agent: '1001' },
      ...{ waited: 1, handling: 1, warned: !any(3), breached: !any(4), priority: 0, put_off: false },
    }));
    const lost = Array.from({ length: any(50) }, () => ({ contact: number++, queue: 'q0', from: '*67', at, waited: 9 }));
    return { at, pages: '', room: { site: 'An hour', queues, agents }, contacts, open: contacts.length, lost, trunks_down: any(50) ? [] : ['main'] };
  };
}

await browse(
  async (browser) => {
    const { page: wall, context, faults } = await page(browser, { width: 1920, height: 1080 });
    await wall.addInitScript(fake);
    await wall.addInitScript(hour);
    await wall.goto(`${TURNO}/wall#token=${await readersToken()}`);
    await wall.waitForFunction(() => globalThis.feed !== undefined);
    const tools = await context.newCDPSession(wall);
    await tools.send('Performance.enable');
    const told = async (from, many) =>
      wall.evaluate(
        async ([begin, count]) => {
          for (let n = begin; n < begin + count; n++) {
            globalThis.feed(globalThis.room(1.8e15 + n * 200_000));
            // As many as a frame takes: each is rendered, since the room is a signal.
            if (n % 5 === 0) await new Promise((done) => requestAnimationFrame(done));
          }
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)));
        },
        [from, many],
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
    expect(shown === 1.8e15 + (WARM + ROOMS - 1) * 200_000, 'the last room is not the one that is shown');
    expect(after.bytes - before.bytes < BYTES_MAX, `the heap grew by ${after.bytes - before.bytes} bytes`);
    expect(after.nodes - before.nodes < NODES_MAX, `${after.nodes - before.nodes} more nodes`);
    expect(after.listeners - before.listeners < NODES_MAX, `${after.listeners - before.listeners} more listeners`);
    expect(faults.length === 0, `faults: ${faults.join('; ')}`);
  },
  { args: ['--enable-precise-memory-info'] },
);
console.log(process.exitCode ? 'BAD' : 'GOOD');
