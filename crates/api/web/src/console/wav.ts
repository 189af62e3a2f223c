/** A WAV of turno's, as peaks for a waveform. */

export interface Peaks {
  seconds: number;
  /** For each channel, for each column, the loudest sample from 0 to 1. */
  channels: Float32Array[];
}

/** The peaks of a WAV with 16-bit samples or A-law or mu-law octets; `null`: it is none that can be drawn. */
export function peaks(bytes: ArrayBuffer, columns: number): Peaks | null {
  const view = new DataView(bytes);
  const tag = (at: number) => String.fromCharCode(...new Uint8Array(bytes, at, 4));
  if (bytes.byteLength < 44 || tag(0) !== 'RIFF' || tag(8) !== 'WAVE') return null;
  let format: { code: number; channels: number; rate: number; bits: number } | null = null;
  for (let at = 12; at + 8 <= bytes.byteLength; ) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (tag(at) === 'fmt ') {
      const of = (place: number) => view.getUint16(body + place, true);
      format = { code: of(0), channels: of(2), rate: view.getUint32(body + 4, true), bits: of(14) };
    } else if (tag(at) === 'data' && format) {
      return drawn(view, body, Math.min(size, bytes.byteLength - body), format, columns);
    }
    at = body + size + (size % 2);
  }
  return null;
}

function drawn(
  view: DataView,
  begin: number,
  size: number,
  { code, channels, rate, bits }: { code: number; channels: number; rate: number; bits: number },
  columns: number,
): Peaks | null {
  const width = bits / 8;
  const sample = sampler(view, code, bits);
  if (!sample || channels < 1 || rate === 0) return null;
  const frames = Math.floor(size / (width * channels));
  const found = Array.from({ length: channels }, () => new Float32Array(columns));
  for (let frame = 0; frame < frames; frame++) {
    const column = Math.min(columns - 1, Math.floor((frame * columns) / frames));
    for (let channel = 0; channel < channels; channel++) {
      const loud = Math.abs(sample(begin + (frame * channels + channel) * width));
      const row = found[channel];
      if (row && loud > (row[column] ?? 0)) row[column] = loud;
    }
  }
  return { seconds: frames / rate, channels: found };
}

function sampler(view: DataView, code: number, bits: number): ((at: number) => number) | null {
  if (bits === 16 && (code === 1 || code === 0xfffe)) return (at) => view.getInt16(at, true) / 32_768;
  if (bits === 8 && code === 6) return (at) => aLaw(view.getUint8(at)) / 32_768;
  if (bits === 8 && code === 7) return (at) => muLaw(view.getUint8(at)) / 32_768;
  return null;
}

/** ITU-T G.711, A-law. */
export function aLaw(octet: number): number {
  const bits = octet ^ 0x55;
  const exponent = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const size = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return bits & 0x80 ? size : -size;
}

/** ITU-T G.711, mu-law. */
export function muLaw(octet: number): number {
  const bits = ~octet & 0xff;
  const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return bits & 0x80 ? -size : size;
}
