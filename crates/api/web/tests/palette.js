// Makes pictures small: a PNG of a screen with its colours in a palette of at most 64.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const MOST = 64;
const crcOf = crc32 ?? ((bytes) => {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
});

function chunks(png) {
  const all = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    all.push({ kind: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return all;
}

/** Width, height, and the colours of all points, as Chromium writes them: 8 bits, RGB or RGBA. */
function read(png) {
  const all = chunks(png);
  const head = all[0].data;
  const [width, height, size] = [head.readUInt32BE(0), head.readUInt32BE(4), head[9] === 6 ? 4 : 3];
  const raw = inflateSync(Buffer.concat(all.filter((chunk) => chunk.kind === 'IDAT').map((chunk) => chunk.data)));
  const row = width * size;
  const points = Buffer.alloc(row * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x += 1) {
      const left = x >= size ? points[y * row + x - size] : 0;
      const up = y > 0 ? points[(y - 1) * row + x] : 0;
      const corner = x >= size && y > 0 ? points[(y - 1) * row + x - size] : 0;
      const near = left + up - corner;
      const [a, b, c] = [left, up, corner].map((it) => Math.abs(near - it));
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      points[y * row + x] = raw[y * (row + 1) + 1 + x] + [0, left, up, (left + up) >> 1, paeth][filter];
    }
  }
  return { width, height, size, points };
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crcOf(body), body.length + 4);
  return whole;
}

/** The same picture with the colours that it has most. */
export function small(png) {
  const { width, height, size, points } = read(png);
  const counts = new Map();
  const colours = new Uint32Array(width * height);
  for (let at = 0; at < colours.length; at += 1) {
    colours[at] = (points[at * size] << 16) | (points[at * size + 1] << 8) | points[at * size + 2];
    counts.set(colours[at], (counts.get(colours[at]) ?? 0) + 1);
  }
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, MOST).map(([colour]) => colour);
  const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const nearest = new Map();
  for (const colour of counts.keys()) {
    const own = parts(colour);
    const far = palette.map((other) => parts(other).reduce((sum, part, at) => sum + (part - own[at]) ** 2, 0));
    nearest.set(colour, far.indexOf(Math.min(...far)));
  }
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = nearest.get(colours[y * width + x]);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head[8] = 8;
  head[9] = 3;
  return Buffer.concat([
    png.subarray(0, 8), chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.flatMap(parts))), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0)),
  ]);
}
