// A telephone for tests, over UDP: it registers, rings until it is told to answer, dials, holds and hangs up.
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { EventEmitter, once } from 'node:events';

const token = () => randomBytes(6).toString('hex');
const md5 = (text) => createHash('md5').update(text).digest('hex');

function parse(bytes) {
  const text = bytes.toString();
  const [head, body = ''] = text.split('\r\n\r\n');
  const [first, ...lines] = head.split('\r\n');
  const headers = {};
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at).trim().toLowerCase();
    (headers[name] ??= []).push(line.slice(at + 1).trim());
  }
  const status = /^SIP\/2\.0 (\d+)/.exec(first)?.[1];
  return { first, headers, body, status: status ? Number(status) : null, method: status ? null : first.split(' ')[0] };
}

export class Phone extends EventEmitter {
  /** A phone of `user` at the address `ip`, for the turno at `server` (`{ ip, port }`). */
  static async at(ip, user, server) {
    const phone = new Phone();
    Object.assign(phone, { ip, user, server, call: null, wants: new Map() });
    phone.socket = createSocket('udp4');
    phone.socket.on('message', (bytes) => phone.take(parse(bytes)));
    phone.socket.bind(0, ip);
    await once(phone.socket, 'listening');
    phone.port = phone.socket.address().port;
    phone.voice = createSocket('udp4');
    phone.voice.bind(0, ip);
    await once(phone.voice, 'listening');
    return phone;
  }

  close() {
    clearInterval(this.again);
    this.socket.close();
    this.voice.close();
  }

  send(text) {
    this.socket.send(text, this.server.port, this.server.ip);
  }

  sdp(way) {
    return [
      'v=0', `o=- 1 ${Date.now()} IN IP4 ${this.ip}`, 's=-', `c=IN IP4 ${this.ip}`, 't=0 0',
      `m=audio ${this.voice.address().port} RTP/AVP 8 101`, 'a=rtpmap:8 PCMA/8000', 'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-15', `a=${way}`, '',
    ].join('\r\n');
  }

  request(method, uri, { from, to, callId, seq, more = [], body = '' }) {
    const type = body ? ['Content-Type: application/sdp'] : [];
    return [
      `${method} ${uri} SIP/2.0`, `Via: SIP/2.0/UDP ${this.ip}:${this.port};branch=z9hG4bK${token()};rport`, 'Max-Forwards: 70',
      `From: ${from}`, `To: ${to}`, `Call-ID: ${callId}`, `CSeq: ${seq} ${method}`,
      `Contact: <sip:${this.user}@${this.ip}:${this.port}>`, ...more, ...type, `Content-Length: ${body.length}`, '', body,
    ].join('\r\n');
  }

  /** Sends a request until it has an answer of 200 or more, and gives that. */
  async ask(method, uri, fields) {
    const text = this.request(method, uri, fields);
    const key = `${fields.callId} ${fields.seq} ${method}`;
    const answered = new Promise((done) => this.wants.set(key, done));
    this.send(text);
    const again = method === 'INVITE' ? null : setInterval(() => this.send(text), 1_000);
    const answer = await answered;
    clearInterval(again);
    this.wants.delete(key);
    return answer;
  }

  async register(password) {
    const me = `<sip:${this.user}@turno>`;
    const uri = `sip:${this.server.ip}:${this.server.port}`;
    const fields = { from: `${me};tag=${token()}`, to: me, callId: token(), seq: 1, more: ['Expires: 600'] };
    const first = await this.ask('REGISTER', uri, fields);
    const challenge = Object.fromEntries([...first.headers['www-authenticate'][0].matchAll(/(\w+)="?([^",]+)"?/g)].map((it) => [it[1], it[2]]));
    const { realm, nonce, qop } = challenge;
    const [ha1, ha2, nc, cnonce] = [md5(`${this.user}:${realm}:${password}`), md5(`REGISTER:${uri}`), '00000001', token()];
    const response = qop ? md5(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${ha2}`) : md5(`${ha1}:${nonce}:${ha2}`);
    const proof = `Authorization: Digest username="${this.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", algorithm=MD5, response="${response}"${qop ? `, qop=auth, nc=${nc}, cnonce="${cnonce}"` : ''}${challenge.opaque ? `, opaque="${challenge.opaque}"` : ''}`;
    const second = await this.ask('REGISTER', uri, { ...fields, seq: 2, more: [...fields.more, proof] });
    if (second.status !== 200) throw new Error(`${this.user} is not registered: ${second.status}`);
  }

  /** Dials, and waits until it is answered or refused. */
  async dial(number) {
    const uri = `sip:${number}@${this.server.ip}:${this.server.port}`;
    this.call = { callId: token(), from: `<sip:${this.user}@${this.ip}>;tag=${token()}`, to: `<${uri}>`, uri, seq: 1, isOurs: true };
    const answer = await this.ask('INVITE', uri, { ...this.call, body: this.sdp('sendrecv') });
    if (answer.status !== 200) {
      this.call = null;
      return answer.status;
    }
    this.media = answer.body;
    this.call.to = answer.headers.to[0];
    this.call.uri = /<([^>]+)>/.exec(answer.headers.contact[0])[1];
    this.ack(answer);
    return 200;
  }

  /** Where turno takes the voice of the call. */
  mediaOf() {
    return { ip: /c=IN IP4 (\S+)/.exec(this.media)[1], port: Number(/m=audio (\d+)/.exec(this.media)[1]) };
  }

  ack(answer) {
    const seq = Number(answer.headers.cseq[0].split(' ')[0]);
    this.send(this.request('ACK', this.call.uri, { ...this.call, seq }));
  }

  async again_(way) {
    this.call.seq += 1;
    const answer = await this.ask('INVITE', this.call.uri, { ...this.call, body: this.sdp(way) });
    this.ack(answer);
    return answer.status;
  }

  hold() {
    return this.again_('sendonly');
  }

  resume() {
    return this.again_('sendrecv');
  }

  async hangUp() {
    const call = this.call;
    if (!call) return;
    this.call = null;
    call.seq += 1;
    await this.ask('BYE', call.uri, call);
  }

  answer() {
    const { invite } = this.call;
    const body = this.sdp('sendrecv');
    this.respond(invite, 200, 'OK', body);
    this.call.answered = setInterval(() => this.respond(invite, 200, 'OK', body), 1_000);
  }

  respond(request, status, words, body = '') {
    const via = request.headers.via.map((one) => `Via: ${one}`);
    const route = (request.headers['record-route'] ?? []).map((one) => `Record-Route: ${one}`);
    const to = request.headers.to[0];
    const tagged = to.includes(';tag=') || status === 100 ? to : `${to};tag=${this.call?.tag ?? token()}`;
    this.send([
      `SIP/2.0 ${status} ${words}`, ...via, ...route, `From: ${request.headers.from[0]}`, `To: ${tagged}`,
      `Call-ID: ${request.headers['call-id'][0]}`, `CSeq: ${request.headers.cseq[0]}`,
      `Contact: <sip:${this.user}@${this.ip}:${this.port}>`, ...(this.takesOrders ? ['Allow-Events: talk, hold'] : []),
      ...(body ? ['Content-Type: application/sdp'] : []), `Content-Length: ${body.length}`, '', body,
    ].join('\r\n'));
  }

  take(message) {
    if (message.status !== null) {
      const key = `${message.headers['call-id'][0]} ${message.headers.cseq[0]}`;
      if (message.status >= 200) this.wants.get(key)?.(message);
      return;
    }
    const isOfCall = this.call && message.headers['call-id'][0] === this.call.callId;
    switch (message.method) {
      case 'INVITE':
        if (isOfCall) {
          if (this.call.invite?.headers.via[0] !== message.headers.via[0]) this.respond(message, 200, 'OK', this.sdp('sendrecv'));
        } else if (this.call) {
          this.respond(message, 486, 'Busy Here');
        } else {
          this.ring(message);
        }
        break;
      case 'ACK':
        clearInterval(this.call?.answered);
        if (isOfCall) this.emit('talking');
        break;
      case 'CANCEL':
        this.respond(message, 200, 'OK');
        if (isOfCall) {
          this.respond(this.call.invite, 487, 'Request Terminated');
          this.call = null;
          this.emit('ended');
        }
        break;
      case 'BYE':
        this.respond(message, 200, 'OK');
        if (isOfCall) {
          clearInterval(this.call.answered);
          this.call = null;
          this.emit('ended');
        }
        break;
      case 'NOTIFY':
        // Many desk phones answer when they are told to.
        this.respond(message, 200, 'OK');
        if (isOfCall && message.headers.event?.[0] === 'talk' && !this.call.isOurs) this.answer();
        break;
      default:
        this.respond(message, 200, 'OK');
    }
  }

  ring(invite) {
    const tag = token();
    this.call = {
      callId: invite.headers['call-id'][0], invite, tag, seq: 1, isOurs: false,
      from: `${invite.headers.to[0]};tag=${tag}`, to: invite.headers.from[0],
      uri: /<([^>]+)>/.exec(invite.headers.contact[0])[1],
    };
    this.respond(invite, 180, 'Ringing');
    this.emit('ringing');
    if (this.isQuick) this.answer();
  }

  /** Waits until it rings, unless it does. */
  async rings() {
    const late = AbortSignal.timeout(Number(process.env.PATIENCE ?? 60_000));
    if (!this.call) await once(this, 'ringing', { signal: late });
  }
}
