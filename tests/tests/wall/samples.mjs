// Answers in place of turno's, for pictures of what a demo does not have: recordings, a plan that has changed, a day of half hours.

/** A WAV of two voices that take turns: 16-bit samples, two channels. */
function talk(seconds = 40, rate = 8_000) {
  const frames = seconds * rate;
  const bytes = Buffer.alloc(44 + frames * 4);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + frames * 4, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(frames * 4, 40);
  for (let frame = 0; frame < frames; frame++) {
    const second = frame / rate;
    const loud = Math.abs(Math.sin(second * 5.1) * Math.sin(second * 1.7)) * 14_000;
    const speaks = Math.floor(second / 4) % 2;
    const wave = Math.round(Math.sin(second * 2 * Math.PI * 220) * loud);
    bytes.writeInt16LE(speaks === 0 ? wave : 0, 44 + frame * 4);
    bytes.writeInt16LE(speaks === 1 ? wave : 0, 46 + frame * 4);
  }
  return bytes;
}

const micros = (minutesAgo) => (Date.now() - minutesAgo * 60_000) * 1_000;

function recordings() {
  const queues = ['property_tax', 'luae', 'general'];
  const rows = Array.from({ length: 8 }, (_, n) => ({
    ...{ recording: 8_100 - n, contact: 1_796_054_853_841_505 + n, queue: queues[n % 3], agent: `100${n + 1}`, day: '2026-11-30' },
    ...{ began_us: micros(7 + n * 11), why: 'queue', class: 'talk', pauses: n % 3, length_ms: 40_000 + n * 17_000, outcome: n === 5 ? null : 'kept' },
    ...{ purged_us: n === 7 ? micros(1) : null },
  }));
  return { rows, next: null };
}

function report() {
  const half = (n) => `2026-11-30 ${String(8 + Math.floor(n / 2)).padStart(2, '0')}:${n % 2 ? '30' : '00'}`;
  const row = (n, queue, most) => {
    const offered = Math.round(most * (0.5 + Math.sin((n + 1) / 5)));
    const answered = Math.round(offered * 0.94);
    return `<tr><th scope="row">${half(n)}</th><th scope="row">${queue}</th><td>${offered}</td><td>${answered}</td><td>${offered - answered}</td><td>${78 + (n % 5) * 4},5 %</td></tr>`;
  };
  const rows = Array.from({ length: 14 }, (_, n) => row(n, 'Impuesto predial', 60) + row(n, 'LUAE', 42) + row(n, 'Información general', 25)).join('');
  const heads = '<th class="name">tiempo</th><th class="name">cola</th><th>ofrecidas</th><th>atendidas</th><th>abandonadas</th><th>NS (Avaya)</th>';
  return `<section><h2>Volumen y nivel de servicio</h2><table><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

const differences = {
  differences: [
    'queues.toml: [[queue]] luae: wait_target 20s -> 15s',
    'queues.toml: [[queue]] patente: priority 0 -> 1',
    'agents.toml: [[agent]] 1021: new',
    'site.toml: [sip] listen: udp:10.0.0.5:5060 -> udp:10.0.0.5:5060, tls:10.0.0.5:5061',
  ],
  needs_successor: ['site.toml: [sip] listen: udp:10.0.0.5:5060 -> udp:10.0.0.5:5060, tls:10.0.0.5:5061'],
};

const webhooks = [
  { name: 'crm', url: 'https://crm.example/turno', waiting: 2, dead: 1 },
  { name: 'tablero', url: 'https://tablero.example/eventos', waiting: 0, dead: 0 },
];
const dead = { messages: [{ number: 7, id: '1796054853841505-91', failures: 11, why: '503' }], next: null };

const QUESTIONS = ['quiero poner un kiosco en la vereda', 'permiso para un kiosco', 'kiosco de revistas qué necesito', 'el kiosco de mi mamá'];
const asked = (text, n) => ({ conversation: 41 - n, channel: n % 2 ? 'chat' : 'whatsapp', at: Date.now() - (n + 1) * 3_700_000, text });

function questions() {
  const group = (about, many, texts) => ({ about, many, questions: texts.map(asked) });
  return {
    ...{ asked: 1_284, not_understood: 61, since: Date.now() - 21 * 86_400_000 },
    groups: [
      group(['kiosc', 'permis'], 14, QUESTIONS),
      group(['perr', 'mord'], 9, ['un perro me mordió a quién aviso', 'perro mordió a mi hija']),
      group(['poste', 'luz'], 4, ['se cayó un poste de luz en la calle de mi casa y no pasa nadie a verlo desde ayer por la tarde']),
      group([], 1, ['???']),
    ],
  };
}

function tried() {
  const venta = { verdict: 'sure', procedures: ['Permiso de comercio autónomo (PUCA)'] };
  const change = (text, n, kind, before, after) => ({ question: asked(text, n), kind, before, after });
  const unsure = { verdict: 'unsure', procedures: [] };
  const several = { verdict: 'several', procedures: ['LUAE', 'Permiso de comercio autónomo (PUCA)'] };
  return {
    ...{ asked: 1_284, newly: 14, lost: 1, other: 1, row: '["venta en la calle", "permiso del kiosco"]' },
    changed: [
      change('permiso del local', 7, 'lost', { verdict: 'sure', procedures: ['LUAE'] }, unsure),
      change('permiso para vender', 6, 'other', { verdict: 'sure', procedures: ['LUAE'] }, several),
      ...QUESTIONS.map((text, n) => change(text, n, 'newly', unsure, venta)),
    ],
  };
}

function conversations() {
  const at = Date.now();
  const one = (conversation, channel, stage, more) => ({
    ...{ conversation, version: 1, channel, stage, queue: 'general', agent: null, is_offered: false, contact: null, name: null, address: null },
    ...{ subject: null, language: 'es', began: at, waits_since: null, last_at: at, last: 3, last_words: null, last_by: 'citizen', unread: 0 },
    ...{ seen_by_person: 0, is_typing: false, draft: null, parked_until: null, free_until: null, procedures: [], marks: [], rating: null, ...more },
  });
  const words = { last_words: '¿Qué necesito para el permiso?' };
  return {
    open: 3,
    conversations: [
      one(41, 'whatsapp', 'waiting', { ...words, address: '593990000001', waits_since: at - 190_000, free_until: at + 3 * 3_600_000 }),
      one(40, 'chat', 'agent', { ...words, agent: '1002', queue: 'luae' }),
      one(39, 'whatsapp', 'parked', { address: '593990000002', agent: '1003', parked_until: at + 3_600_000, free_until: at - 60_000 }),
    ],
  };
}

/** Lets a page get these answers. */
export async function withSamples(opened) {
  const json = (body) => ({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });
  await opened.route('**/api/v1/history/v_recording**', (route) => route.fulfill(json(recordings())));
  await opened.route('**/api/v1/questions', (route) => route.fulfill(json(questions())));
  await opened.route('**/api/v1/questions/try', (route) => route.fulfill(json(tried())));
  await opened.route('**/api/v1/conversations', (route) => route.fulfill(json(conversations())));
  await opened.route('**/api/v1/recordings/**', (route) => route.fulfill({ status: 200, contentType: 'audio/wav', body: talk() }));
  await opened.route('**/api/v1/reports**', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: report() }));
  await opened.route('**/api/v1/plan/differences', (route) => route.fulfill(json(differences)));
  await opened.route('**/api/v1/webhooks', (route) => route.fulfill(json(webhooks)));
  await opened.route('**/api/v1/webhooks/crm/dead**', (route) => route.fulfill(json(dead)));
}

/** Lets a page get answers without anything in them, as on the first day. */
export async function withNothing(opened) {
  const json = (body) => ({ status: 200, contentType: 'application/json', body: JSON.stringify(body) });
  for (const path of ['skills', 'bans', 'callbacks', 'users', 'tokens', 'webhooks', 'caller-lists/*']) {
    await opened.route(`**/api/v1/${path}`, (route) => route.fulfill(json([])));
  }
  await opened.route('**/api/v1/questions', (route) => route.fulfill(json({ asked: 0, not_understood: 0, since: null, groups: [] })));
  await opened.route('**/api/v1/conversations', (route) => route.fulfill(json({ conversations: [], open: 0 })));
  await opened.route('**/api/v1/history/**', (route) => route.fulfill(json({ rows: [], next: null })));
  await opened.route('**/api/v1/audit**', (route) => route.fulfill(json({ rows: [], next: null })));
  await opened.route('**/api/v1/breaks', (route) => route.fulfill(json({ turns: [], away: [], next: [] })));
  await opened.route('**/api/v1/plan/differences', (route) => route.fulfill(json({ differences: [], needs_successor: [] })));
  await opened.route('**/api/v1/reports**', (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<section></section>' }));
}
