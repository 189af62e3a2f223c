// Rooms that nobody works in: for the wall's memory, and for pictures of what a demo seldom shows.

/** In place of the stream of turno, one that the script feeds. */
export function fake() {
  const real = globalThis.fetch;
  globalThis.fetch = (what, how) => {
    if (!String(what).includes('/api/v1/live')) return real(what, how);
    const text = new TextEncoder();
    const body = new ReadableStream({
      start(stream) {
        how?.signal?.addEventListener('abort', () => stream.error(new Error('aborted')));
        globalThis.feed = (room) => stream.enqueue(text.encode(`event: room\ndata: ${JSON.stringify(room)}\n\n`));
      },
    });
    return Promise.resolve(new Response(body, { headers: { 'content-type': 'text/event-stream' } }));
  };
}

/** Makes rooms in the page: each is another one, by a small generator of its own. */
export function hour({ agents: people = 20, queues: lines = 8, isCalm = false, isWritten = false, named = ['Agent'], lined = ['Queue'] }) {
  let seed = 7;
  const any = (most) => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % most;
  };
  const states = ['available', 'ringing', 'talking', 'holding', 'acw', 'aux', 'other-call', 'logged-out'];
  const reasons = ['lunch', 'rona', 'unreachable', 'break'];
  /** Of so many, some gave up and the others were answered, most of them in time. */
  const counted = (offered, abandoned) => {
    const answered = Math.max(0, offered - abandoned);
    const answered_in_target = Math.round(answered * (0.55 + any(45) / 100));
    return { offered, answered, answered_in_target, abandoned, service_level: answered_in_target / offered };
  };
  const recent = () => isCalm ? { offered: 0, answered: 0, answered_in_target: 0, abandoned: 0, service_level: null } : counted(any(30) + 5, any(6));
  const since = (at) => at - any(3_600) * 1e6;
  /** Who waits by channel: one just in time, one soon due, one that has passed. */
  const channels = (at) => {
    const left = { voice: 9, callback: 250, chat: -34, whatsapp: 410, email: 5_200 };
    const shown = isWritten ? Object.keys(left) : ['voice'];
    return shown.map((channel, n) => {
      const waiting = isCalm || channel === 'email' ? 0 : 3 + n * 4;
      const waits = waiting > 0 ? { waiting_since: at - (20 + n * 70) * 1e6, due: at + left[channel] * 1e6 } : { waiting_since: null, due: null };
      return { channel, waiting, ...waits, in_progress: isCalm ? 0 : 2 + n * 3 };
    });
  };
  let number = 1;
  globalThis.room = (at) => {
    const agents = Array.from({ length: people }, (_, n) => {
      const state = isCalm ? 'logged-out' : states[any(states.length)];
      const times = { available: 1, ringing: 1, talking: 1, holding: 1, acw: 1, aux: 1, other_call: 1 };
      const contact = state === 'talking' ? number + n : null;
      const rest = { phones: 1, answered: any(99), missed: any(9), breached: 0, handling: null, overstays: any(3), times };
      const due_at = state === 'aux' && any(2) ? at - any(600) * 1e6 : null;
      const turn_at = any(5) ? null : at + any(3_600) * 1e6;
      return { extension: String(1001 + n), display: `${named[n % named.length]} ${n + 1}`, state, reason: state === 'aux' ? reasons[any(4)] : null, since: since(at), contact, due_at, turn_at, ...rest };
    });
    const queues = Array.from({ length: lines }, (_, n) => {
      const waiting = isCalm ? 0 : any(6);
      const now = { waiting, waiting_since: waiting ? since(at) : null, in_progress: isCalm ? 0 : any(9), available: isCalm ? 0 : any(9), staffed: isCalm ? 0 : 20, put_off: 0, state: isCalm || any(20) ? 'open' : 'paused' };
      const counts = isCalm ? { entered: 0, offered: 0, answered: 0, answered_in_target: 0, abandoned: 0, abandoned_short: 0 } : { entered: 99, ...counted(any(80) + 10, any(9)), abandoned_short: 0 };
      return { name: `q${n}`, display: lined.length > 1 ? lined[n % lined.length] : `${lined[0]} ${n}`, ...now, service_level: null, ...counts, asa: 1, aht: 1, within_target: 1, wait_target: 20, recent: recent() };
    });
    const contacts = Array.from({ length: isCalm ? 0 : 40 }, () => ({
      ...{ contact: number++, channel: 'voice', from: '*67', arrived: since(at), queue: 'q0', stage: 'talking', agent: '1001' },
      ...{ waited: 1, handling: 1, warned: !any(3), breached: !any(4), priority: 0, put_off: false },
    }));
    const lost = Array.from({ length: isCalm ? 0 : any(50) }, () => ({ contact: number++, queue: 'q0', from: '*67', at, waited: 9 }));
    return { at, pages: '', room: { site: 'Contact Center del Municipio de Quito', queues, agents, channels: channels(at) }, contacts, open: contacts.length, lost, trunks_down: isCalm || any(5) ? [] : ['main'] };
  };
}
