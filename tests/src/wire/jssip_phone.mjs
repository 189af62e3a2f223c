// A browser's phone without a browser: JsSIP over the WebSocket of `ws`, with a peer connection that only writes SDP.
//
// Orders come as lines on standard input (call URI, answer, hangup, hold, unhold, cut, register, unregister), what happens
// goes out as lines.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const WS = require('ws');
const { URL_OF_SIP, URI, PASSWORD, COOKIE, ORIGIN, INSTANCE, REPLACES, EXPIRES } = process.env;

const say = (...words) => console.log(words.join(' '));

const headers = {};
if (COOKIE) headers.Cookie = COOKIE;
let socket = null;
globalThis.window = globalThis;
globalThis.WebSocket = class extends WS {
  constructor(url, protocols) {
    super(url, protocols, { headers, origin: ORIGIN });
    socket = this;
  }
};

// SDP of one audio stream like the one that is asked for: a browser's if that is offered, else plain.
function sdp(like, direction) {
  const isWeb = !like || like.includes('UDP/TLS/RTP/SAVPF');
  const web = isWeb && process.env.WEB !== 'no';
  const mid = /^a=mid:(.*)$/m.exec(like ?? '')?.[1].trim() ?? '0';
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
  if (web) lines.push(`a=group:BUNDLE ${mid}`);
  lines.push(`m=audio ${web ? 9 : 40000} ${web ? 'UDP/TLS/RTP/SAVPF' : 'RTP/AVP'} 8 101`, 'c=IN IP4 127.0.0.1');
  if (web) {
    lines.push('a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx', `a=mid:${mid}`, 'a=rtcp-mux');
    lines.push(`a=setup:${like ? 'active' : 'actpass'}`, 'a=fingerprint:sha-256 ' + Array(32).fill('AB').join(':'));
    lines.push('a=candidate:1 1 udp 2122260223 127.0.0.1 40000 typ host');
  }
  lines.push('a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000', `a=${direction}`, '');
  return lines.join('\r\n');
}

globalThis.RTCPeerConnection = class extends EventTarget {
  iceConnectionState = 'connected';
  iceGatheringState = 'complete';
  signalingState = 'stable';
  localDescription = null;
  remoteDescription = null;
  async createOffer() {
    return { type: 'offer', sdp: sdp(null, 'sendrecv') };
  }
  async createAnswer() {
    return { type: 'answer', sdp: sdp(this.remoteDescription.sdp, 'sendrecv') };
  }
  async setLocalDescription(description) {
    this.localDescription = description;
    this.signalingState = description.type === 'offer' ? 'have-local-offer' : 'stable';
  }
  async setRemoteDescription(description) {
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
globalThis.RTCSessionDescription = class {
  constructor(given) {
    Object.assign(this, given);
  }
};

const JsSIP = require('jssip');
if (process.env.LOUD) JsSIP.debug.enable('JsSIP:*');

const ua = new JsSIP.UA({
  sockets: [new JsSIP.WebSocketInterface(URL_OF_SIP)],
  uri: URI,
  password: PASSWORD,
  instance_id: INSTANCE,
  register_expires: Number(EXPIRES ?? 300),
  connection_recovery_min_interval: 1,
  connection_recovery_max_interval: 1,
  session_timers: process.env.TIMERS === 'yes',
});

let session = null;
const own = { mediaConstraints: { audio: false, video: false }, pcConfig: {} };

function follow(one) {
  session = one;
  one.on('accepted', () => say('accepted', one.connection?.remoteDescription?.sdp?.match(/m=audio .*/)?.[0] ?? ''));
  one.on('confirmed', () => {
    const { call_id, local_tag, remote_tag } = one._dialog.id;
    say('confirmed', call_id, local_tag, remote_tag);
  });
  one.on('ended', ({ originator, cause }) => say('ended', originator, cause));
  one.on('failed', ({ originator, cause }) => say('failed', originator, cause));
  one.on('reinvite', () => say('reinvite'));
  one.on('hold', ({ originator }) => say('hold', originator));
  one.on('unhold', ({ originator }) => say('unhold', originator));
}

ua.on('connected', () => say('connected'));
ua.on('disconnected', () => say('disconnected'));
ua.on('registered', ({ response }) => say('registered', JSON.stringify(response.headers.Contact.map((one) => one.raw))));
ua.on('unregistered', () => say('unregistered'));
ua.on('registrationFailed', ({ cause, response }) =>
  say('refused', response?.status_code ?? '-', cause, response?.getHeader('Warning') ?? ''));
ua.on('newRTCSession', ({ originator, session: one, request }) => {
  follow(one);
  if (originator === 'remote') say('rings', request.from.uri.user, request.ruri.toString());
});

function call(uri, extraHeaders) {
  ua.call(uri, { ...own, extraHeaders });
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const [order, ...words] = line.trim().split(' ');
  try {
    if (order === 'call') call(words[0]);
    else if (order === 'replace') call(words[0], [`Replaces: ${words.slice(1).join(' ')}`]);
    else if (order === 'answer') session.answer(own);
    else if (order === 'hangup') session.terminate();
    else if (order === 'hold') session.hold({}, () => say('held'));
    else if (order === 'unhold') session.unhold({}, () => say('unheld'));
    else if (order === 'cut') socket._socket.destroy();
    else if (order === 'register') ua.register();
    else if (order === 'unregister') ua.unregister();
    else if (order === 'raw') socket.send(words.join(' '));
    else say('unknown', line);
  } catch (error) {
    say('error', String(error).replaceAll('\n', ' '));
  }
}).on('close', () => process.exit(0));

process.on('uncaughtException', (error) => say('error', String(error.stack).replaceAll('\n', ' ')));
if (REPLACES) ua.once('registered', () => call(URI, [`Replaces: ${REPLACES}`]));
ua.start();
