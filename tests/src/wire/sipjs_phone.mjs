// Another browser's phone without a browser: SIP.js, with descriptions of media that are only written.
//
// Orders come as lines on standard input (call URI, answer, hangup, unregister), what happens goes out as lines.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const WS = require('ws');
const { URL_OF_SIP, URI, PASSWORD, COOKIE, ORIGIN, INSTANCE } = process.env;

const say = (...words) => console.log(words.join(' '));
const headers = COOKIE ? { Cookie: COOKIE } : {};
globalThis.WebSocket = class extends WS {
  constructor(url, protocols) {
    super(url, protocols, { headers, origin: ORIGIN });
  }
};

const { Inviter, Registerer, SessionState, UserAgent } = require('sip.js');

// SDP of one audio stream: a browser's answer to a browser's offer, else plain.
function sdp(offer) {
  const web = offer?.includes('UDP/TLS/RTP/SAVPF');
  const lines = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0'];
  lines.push(`m=audio ${web ? 9 : 40002} ${web ? 'UDP/TLS/RTP/SAVPF' : 'RTP/AVP'} 8 101`, 'c=IN IP4 127.0.0.1');
  if (web) {
    const mid = /^a=mid:(.*)$/m.exec(offer)?.[1].trim() ?? '0';
    lines.push('a=ice-ufrag:abcd', 'a=ice-pwd:abcdefghijklmnopqrstuvwx', `a=mid:${mid}`, 'a=rtcp-mux', 'a=setup:active');
    lines.push('a=fingerprint:sha-256 ' + Array(32).fill('AB').join(':'));
  }
  lines.push('a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000', 'a=sendrecv', '');
  return lines.join('\r\n');
}

const descriptions = () => {
  let offer = null;
  return {
    close() {},
    async getDescription() {
      return { body: sdp(offer), contentType: 'application/sdp' };
    },
    hasDescription: (type) => type === 'application/sdp',
    holdModifier: async (given) => given,
    async rollbackDescription() {},
    async setDescription(said) {
      offer = said;
    },
    sendDtmf: () => false,
  };
};

let session = null;

function follow(one) {
  session = one;
  one.stateChange.addListener((state) => {
    if (state === SessionState.Established) say('confirmed', one.dialog?.id ?? '');
    if (state === SessionState.Terminated) say('ended');
  });
}

const ua = new UserAgent({
  uri: UserAgent.makeURI(URI),
  authorizationUsername: URI.split(':')[1].split('@')[0],
  authorizationPassword: PASSWORD,
  transportOptions: { server: URL_OF_SIP },
  sessionDescriptionHandlerFactory: descriptions,
  logBuiltinEnabled: Boolean(process.env.LOUD),
  delegate: {
    onInvite(invitation) {
      follow(invitation);
      say('rings', invitation.remoteIdentity.uri.user);
    },
    onConnect: () => say('connected'),
    onDisconnect: () => say('disconnected'),
  },
});
const registerer = new Registerer(ua, { expires: 300, instanceId: INSTANCE, regId: INSTANCE ? 1 : undefined });
registerer.stateChange.addListener((state) => say(state.toLowerCase()));

process.on('uncaughtException', (error) => say('error', String(error.stack).replaceAll('\n', ' ')));

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [order, word] = line.trim().split(' ');
  if (order === 'call') {
    const inviter = new Inviter(ua, UserAgent.makeURI(word));
    follow(inviter);
    await inviter.invite();
  } else if (order === 'answer') await session.accept();
  else if (order === 'hangup') await session.bye();
  else if (order === 'unregister') await registerer.unregister();
  else say('unknown', line);
}).on('close', () => process.exit(0));

await ua.start();
await registerer.register({
  requestDelegate: { onReject: (response) => say('refused', response.message.statusCode) },
});
