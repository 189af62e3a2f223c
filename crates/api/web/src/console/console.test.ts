import { describe, expect, it } from 'vitest';
import { kindOf, numberOf, parts } from './figures';
import { picture, STEPS_MAX } from './ladder';
import { phrases } from './phrases';
import { parse } from './place';
import { drawable, series } from './series';
import { aLaw, muLaw, peaks } from './wav';

const PAGE = `<section><h2>Esperas</h2><table>
<thead><tr><th scope="col" class="name">tiempo</th><th scope="col" class="name">cola</th><th scope="col">NS</th><th scope="col">espera</th></tr></thead>
<tbody><tr><th>lunes</th><th>luae</th><td>75,0 %</td><td>0:10</td></tr><tr><th>lunes</th><th>general</th><td>-</td><td>1:02:03</td></tr>
<tr><th>martes</th><th>luae</th><td>80,5 %</td><td>0:20</td></tr></tbody>
<tfoot><tr><th>total</th><th></th><td>77,0 %</td><td>0:15</td></tr></tfoot></table></section>`;

describe('a report', () => {
  it('is read from its page, with its total', () => {
    const [part] = parts(PAGE);
    expect(part).toMatchObject({ title: 'Esperas', names: 2, heads: ['tiempo', 'cola', 'NS', 'espera'] });
    expect(part?.rows.length).toBe(3);
    expect(part?.total?.[2]).toBe('77,0 %');
  });

  it('becomes one line for each group', () => {
    const [part] = parts(PAGE);
    if (!part) throw new Error('no part');
    expect(drawable(part)).toEqual([2, 3]);
    const waits = series(part, 3, 'es');
    expect(waits.kind).toBe('span');
    expect(waits.periods).toEqual(['lunes', 'martes']);
    expect(waits.lines).toEqual([
      { name: 'general', values: [3723, null] },
      { name: 'luae', values: [10, 20] },
    ]);
    expect(series(part, 2, 'es').lines[0]?.values).toEqual([75, 80.5]);
  });

  it('has its numbers as each language writes them', () => {
    expect([numberOf('1.234,5', 'es'), numberOf('1,234.5', 'en'), numberOf('-', 'es'), numberOf('99 %', 'en')]).toEqual([1234.5, 1234.5, null, 99]);
    expect([kindOf('1:02'), kindOf('7'), kindOf('7 %')]).toEqual(['span', 'count', 'share']);
  });
});

describe('the ladder of a trace', () => {
  const message = { at: 2_000, column: 0, inward: true, title: 'INVITE', cseq: '1', detail: '', again: false, text: 'INVITE sip:' };
  const entries = [
    { head: { began: 1_000 } },
    { column: { kind: 'caller', name: 'caller', address: '127.0.0.2' } },
    { column: { kind: 'turno', name: 'turno', address: '127.0.0.1' } },
    { message },
    { note: { at: 3_000, tone: 'decision', text: 'offered', reasons: ['because'] } },
    { message: { ...message, at: 4_000, inward: false, title: '200 OK' } },
    { end: { is_over: true, missing: null } },
  ];

  it('has arrows from who sends to who receives, with times from the arrival', () => {
    const { steps, columns, isCut } = picture(entries);
    expect(columns.length).toBe(2);
    expect(steps.map((step) => [step.kind, step.millis])).toEqual([
      ['message', 1],
      ['note', 2],
      ['message', 3],
    ]);
    expect(steps[0]).toMatchObject({ from: 0, to: 1 });
    expect(steps[2]).toMatchObject({ from: 1, to: 0 });
    expect(isCut).toBe(false);
  });

  it('of a call of hours is cut', () => {
    const many = [...entries.slice(0, 3), ...Array.from({ length: STEPS_MAX + 5 }, () => ({ message }))];
    const drawn = picture(many);
    expect(drawn.steps.length).toBe(STEPS_MAX);
    expect(drawn.isCut).toBe(true);
  });
});

describe('a waveform', () => {
  const wav = (code: number, bits: number, channels: number, samples: number[]) => {
    const width = bits / 8;
    const bytes = new DataView(new ArrayBuffer(44 + samples.length * width));
    const tag = (at: number, text: string) => [...text].forEach((sign, place) => bytes.setUint8(at + place, sign.charCodeAt(0)));
    tag(0, 'RIFF');
    tag(8, 'WAVE');
    tag(12, 'fmt ');
    bytes.setUint32(16, 16, true);
    bytes.setUint16(20, code, true);
    bytes.setUint16(22, channels, true);
    bytes.setUint32(24, 8_000, true);
    bytes.setUint16(34, bits, true);
    tag(36, 'data');
    bytes.setUint32(40, samples.length * width, true);
    samples.forEach((sample, place) => (bits === 16 ? bytes.setInt16(44 + place * 2, sample, true) : bytes.setUint8(44 + place, sample)));
    return bytes.buffer;
  };

  it('has the loudest sample of each column, for the caller and the agent', () => {
    const found = peaks(wav(1, 16, 2, [0, 16_384, -8_192, 0, 0, 0, 0, -32_768]), 2);
    expect(found?.seconds).toBeCloseTo(4 / 8_000);
    expect([...(found?.channels[0] ?? [])]).toEqual([0.25, 0]);
    expect([...(found?.channels[1] ?? [])]).toEqual([0.5, 1]);
  });

  it('knows the laws of G.711', () => {
    expect([aLaw(0xd5), aLaw(0x55), Math.abs(aLaw(0xaa))]).toEqual([8, -8, 32_256]);
    expect([muLaw(0xff), muLaw(0x80), muLaw(0x00)]).toEqual([0, 32_124, -32_124]);
    expect(peaks(wav(6, 8, 1, [0xd5, 0x2a]), 2)?.channels[0]?.[1]).toBeGreaterThan(0.9);
  });

  it('is none of what is no WAV', () => {
    expect(peaks(new ArrayBuffer(10), 2)).toBeNull();
    expect(peaks(wav(85, 16, 1, [1, 2]), 2)).toBeNull();
  });
});

it('an address names the section and what in it', () => {
  expect(parse('')).toEqual({ section: 'room', what: null });
  expect(parse('#/contacts/17')).toEqual({ section: 'contacts', what: '17' });
  expect(parse('#/contacts/agent%201001')).toEqual({ section: 'contacts', what: 'agent 1001' });
});

describe('words to try', () => {
  it('are separated by commas and lines, and each stands once', () => {
    expect(phrases(' carro,  nave  vieja \ncarro;; auto ')).toEqual(['carro', 'nave vieja', 'auto']);
    expect(phrases(' , ')).toEqual([]);
  });
});
