// Voice for tests: A-law, tones, and how loud a frequency is in what was heard.
const RATE = 8_000;

/** The greatest size of each segment of G.711 A-law. */
const SEGMENTS = [0x1f, 0x3f, 0x7f, 0xff, 0x1ff, 0x3ff, 0x7ff, 0xfff];

export function encode(sample) {
  const whole = Math.round(sample * 32_767) >> 3;
  const mask = whole >= 0 ? 0xd5 : 0x55;
  const size = Math.min(0xfff, whole >= 0 ? whole : -whole - 1);
  const segment = SEGMENTS.findIndex((most) => size <= most);
  return ((segment << 4) | ((size >> Math.max(1, segment)) & 0x0f)) ^ mask;
}

export function decode(byte) {
  const value = byte ^ 0x55;
  const exponent = (value & 0x70) >> 4;
  let size = ((value & 0x0f) << 4) + 8;
  if (exponent > 0) size = (size + 0x100) << (exponent - 1);
  return (value & 0x80 ? size : -size) / 32_768;
}

/** How loud a frequency is in these samples, from 0 to 1: Goertzel's filter. */
export function loudness(samples, hertz) {
  const step = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let [before, last] = [0, 0];
  for (const sample of samples) [before, last] = [last, sample + step * last - before];
  return (2 * Math.sqrt(Math.max(0, last * last + before * before - step * last * before))) / Math.max(1, samples.length);
}

/** Sends a tone as RTP from this socket to `to`, and remembers the last second that came. */
export class Talker {
  constructor(socket, hertz) {
    this.socket = socket;
    this.heard = [];
    let [sequence, stamp, phase] = [1, 1, 0];
    this.last = 0;
    this.isOver = false;
    socket.on('close', () => this.end());
    this.digits = '';
    let event = -1;
    socket.on('message', (bytes) => {
      if ((bytes[1] & 0x7f) === 101) {
        // RFC 4733: a key is one event with one timestamp, however many packets.
        const stamp = bytes.readUInt32BE(4);
        if (stamp !== event) this.digits += '0123456789*#ABCD'[bytes[12]] ?? '?';
        event = stamp;
      }
      if ((bytes[1] & 0x7f) !== 8) return;
      this.last = Date.now();
      this.heard.push(...Array.from(bytes.subarray(12), decode));
      this.heard.splice(0, Math.max(0, this.heard.length - RATE));
    });
    const ssrc = Math.floor(Math.random() * 2 ** 31);
    this.timer = setInterval(() => {
      if (!this.to || this.isOver) return;
      const packet = Buffer.alloc(12 + 160);
      packet[0] = 0x80;
      packet[1] = 8;
      packet.writeUInt16BE(sequence++ & 0xffff, 2);
      packet.writeUInt32BE(stamp >>> 0, 4);
      packet.writeUInt32BE(ssrc, 8);
      stamp += 160;
      for (let at = 0; at < 160; at += 1) {
        packet[12 + at] = encode(0.3 * Math.sin(phase));
        phase += (2 * Math.PI * hertz) / RATE;
      }
      socket.send(packet, this.to.port, this.to.ip);
    }, 20);
  }

  /** Whether this frequency is heard now: louder than all others that are asked for. */
  hears(hertz, others = []) {
    if (Date.now() - this.last > 500) return false;
    const own = loudness(this.heard, hertz);
    return own > 0.02 && others.every((other) => loudness(this.heard, other) < own / 3);
  }

  forget() {
    this.heard = [];
  }

  end() {
    this.isOver = true;
    clearInterval(this.timer);
  }
}

/** A WAV file of a tone, 48 kHz, for Chromium's microphone. */
export function wav(hertz, seconds) {
  const rate = 48_000;
  const data = Buffer.alloc(rate * seconds * 2);
  for (let at = 0; at < rate * seconds; at += 1) data.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hertz * at) / rate)), at * 2);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}
