// Phones in pages of one Chromium. JsSIP speaks SIP over the WebSocket of `ws`; ICE, DTLS and voice are the browser's own, and
// each page says a tone of its own.
//
// SEATS is a list of seat:hertz. Orders come as lines on standard input: call SEAT NUMBER, answer SEAT, hangup SEAT, hold SEAT,
// unhold SEAT, restart SEAT, heard SEAT, end. What happens goes out as lines of JSON.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import http from 'node:http';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const WS = require('ws');
const { URL_OF_SIP, DOMAIN, SEATS, PASSWORD, ANSWERS } = process.env;
const say = (line) => process.stdout.write(`${JSON.stringify({ ...line, at: Date.now() })}\n`);

// The ear counts in the audio thread: the longest silence between the first sound and the last.
const PAGE = `<!doctype html><audio id="heard" autoplay></audio><script>
const EAR = \`registerProcessor('ear', class extends AudioWorkletProcessor {
  constructor() { super(); this.silent = 0; this.longest = 0; this.loud = 0
    this.port.onmessage = () => this.port.postMessage({ longest: Math.round(1000 * this.longest / sampleRate), loud: Math.round(this.loud / sampleRate) }) }
  process([[samples]]) {
    const power = samples ? samples.reduce((sum, one) => sum + one * one, 0) / samples.length : 0
    const length = samples?.length ?? 128
    if (power > 0.0004) {
      if (!this.loud) this.port.postMessage({ first: Date.now() })
      this.longest = Math.max(this.longest, this.silent); this.silent = 0; this.loud += length
    } else if (this.loud) this.silent += length
    return true
  }
})\`
const context = new AudioContext({ sampleRate: 48000 })
const ready = context.audioWorklet.addModule(URL.createObjectURL(new Blob([EAR], { type: 'text/javascript' })))
let pc, ear, analyser, first, asked
const packets = { last: 0, received: 0, gap: 0, sources: [], states: [] }
async function make(hertz) {
  await ready; await context.resume()
  Object.assign(packets, { last: 0, received: 0, gap: 0, sources: [], states: [] }); first = undefined
  const tone = new OscillatorNode(context, { frequency: hertz })
  const out = context.createMediaStreamDestination()
  tone.connect(new GainNode(context, { gain: 0.3 })).connect(out); tone.start()
  pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  pc.addTrack(out.stream.getAudioTracks()[0], out.stream)
  pc.ontrack = ({ track }) => {
    const stream = new MediaStream([track])
    document.getElementById('heard').srcObject = stream
    const source = context.createMediaStreamSource(stream)
    ear = new AudioWorkletNode(context, 'ear')
    ear.port.onmessage = ({ data }) => { if (data.first) first = data.first; else asked?.(data) }
    analyser = new AnalyserNode(context, { fftSize: 4096 })
    source.connect(ear).connect(context.destination); source.connect(analyser)
  }
}
setInterval(async () => {
  if (!pc || pc.signalingState === 'closed') return
  const all = [...(await pc.getStats()).values()]
  const inbound = all.find((one) => one.type === 'inbound-rtp')
  if (packets.states.at(-1) !== pc.connectionState) packets.states.push(pc.connectionState)
  if (!inbound) return
  if (!packets.sources.includes(inbound.ssrc)) packets.sources.push(inbound.ssrc)
  const now = performance.now()
  // Chromium counts anew after a hold.
  if (inbound.packetsReceived !== packets.received) {
    if (packets.last) packets.gap = Math.max(packets.gap, Math.round(now - packets.last))
    packets.last = now; packets.received = inbound.packetsReceived
  }
}, 40)
async function heard() {
  const counted = ear ? await new Promise((done) => { asked = done; ear.port.postMessage(0) }) : { longest: 0, loud: 0 }
  const bins = new Float32Array(analyser?.frequencyBinCount ?? 0)
  analyser?.getFloatFrequencyData(bins)
  const loudest = bins.indexOf(Math.max(...bins))
  const all = [...(await pc.getStats()).values()]
  const inbound = all.find((one) => one.type === 'inbound-rtp') ?? {}
  const outbound = all.find((one) => one.type === 'outbound-rtp') ?? {}
  const codec = (one) => all.find((it) => it.id === one.codecId)?.mimeType
  return { ...packets, last: undefined, silence: counted.longest, loud: counted.loud,
    hertz: bins[loudest] > -60 ? Math.round(loudest * context.sampleRate / 4096) : 0, first,
    lost: inbound.packetsLost, jitter: inbound.jitter, concealed: inbound.concealedSamples, sent: outbound.packetsSent,
    hears: codec(inbound), says: codec(outbound) }
}
</script>`;

const served = http.createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(PAGE));
await new Promise((listens) => served.listen(0, '127.0.0.1', listens));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required', '--allow-loopback-in-peer-connection',
    '--disable-background-timer-throttling', '--disable-renderer-backgrounding', '--disable-backgrounding-occluded-windows'],
});

const phones = new Map();
globalThis.window = globalThis;
globalThis.WebSocket = WS;
globalThis.RTCSessionDescription = class {
  constructor(given) {
    Object.assign(this, given);
  }
};
// The peer connection of JsSIP is the one in the page of its seat. We are ICE-lite's peer: no candidate has to be waited for.
globalThis.RTCPeerConnection = class extends EventTarget {
  iceConnectionState = 'connected';
  iceGatheringState = 'complete';
  signalingState = 'stable';
  localDescription = null;
  remoteDescription = null;
  constructor({ seat }) {
    super();
    Object.assign(this, phones.get(seat));
    this.made = this.page.evaluate((hertz) => make(hertz), this.hertz);
  }
  async createOffer(options) {
    await this.made;
    return this.page.evaluate((options) => pc.createOffer(options), options ?? {});
  }
  async createAnswer() {
    await this.made;
    return this.page.evaluate(() => pc.createAnswer());
  }
  async setLocalDescription(description) {
    await this.made;
    await this.page.evaluate((description) => pc.setLocalDescription(description), { ...description });
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
    // JsSIP waits for it where ICE begins anew.
    setTimeout(() => this.dispatchEvent(new Event('icegatheringstatechange')), 20);
  }
  async setRemoteDescription(description) {
    await this.made;
    await this.page.evaluate((description) => pc.setRemoteDescription(description), { ...description });
    this.remoteDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-remote-offer' : 'stable';
  }
  getSenders() {
    return [];
  }
  getReceivers() {
    return [];
  }
  addTrack() {}
  close() {
    this.signalingState = 'closed';
  }
};
const JsSIP = require('jssip');
const options = (seat) => ({
  mediaConstraints: { audio: true, video: false },
  mediaStream: { getTracks: () => [], getAudioTracks: () => [{}], getVideoTracks: () => [] },
  pcConfig: { seat },
});

for (const [place, word] of SEATS.split(',').entries()) {
  const [seat, hertz] = word.split(':');
  const page = await browser.newPage();
  page.on('pageerror', (error) => say({ seat, error: String(error) }));
  await page.goto(`http://127.0.0.1:${served.address().port}/`);
  const phone = { seat, hertz: Number(hertz), page, session: null };
  phones.set(seat, phone);
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(URL_OF_SIP)], uri: `sip:${seat}@${DOMAIN}`, password: PASSWORD,
    instance_id: `8f1fa16a-1165-4a96-8341-${String(place).padStart(12, '0')}`, register_expires: 300, session_timers: false,
    connection_recovery_min_interval: 1, connection_recovery_max_interval: 2,
  });
  ua.on('registered', () => say({ seat, is: 'registered' }));
  ua.on('registrationFailed', ({ cause }) => say({ seat, is: 'refused', cause }));
  ua.on('newRTCSession', ({ session, originator }) => {
    phone.session = session;
    session.on('confirmed', () => say({ seat, is: 'confirmed' }));
    session.on('reinvite', () => say({ seat, is: 'reinvite' }));
    session.on('ended', ({ originator: by, cause, message }) =>
      say({ seat, is: 'ended', by, cause, reason: message?.getHeader?.('Reason') }));
    session.on('failed', ({ cause }) => say({ seat, is: 'failed', cause }));
    for (const deed of ['createoffer', 'createanswer', 'setlocaldescription', 'setremotedescription']) {
      session.on(`peerconnection:${deed}failed`, (error) => say({ seat, deed, error: String(error) }));
    }
    if (originator !== 'remote') return;
    say({ seat, is: 'rings' });
    if (ANSWERS === 'yes') session.answer(options(seat));
  });
  ua.start();
  phone.ua = ua;
}

const deeds = {
  call: (phone, number) => phone.ua.call(`sip:${number}@${DOMAIN}`, options(phone.seat)),
  answer: (phone) => {
    phone.answered = Date.now();
    phone.session.answer(options(phone.seat));
  },
  hangup: (phone) => phone.session.terminate(),
  hold: (phone) => phone.session.hold(),
  unhold: (phone) => phone.session.unhold(),
  restart: (phone) => phone.session.renegotiate({ rtcOfferConstraints: { iceRestart: true } }),
};
for await (const line of createInterface({ input: process.stdin })) {
  const [deed, seat, more] = line.trim().split(' ');
  if (deed === 'end') break;
  if (deed === 'heard') {
    const { page, answered } = phones.get(seat);
    const heard = await page.evaluate(() => heard()).catch((error) => ({ error: String(error) }));
    say({ seat, heard, answered });
    continue;
  }
  try {
    await deeds[deed](phones.get(seat), more);
  } catch (error) {
    say({ seat, error: String(error) });
  }
}
await browser.close();
process.exit(0);
