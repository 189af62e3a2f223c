import { describe, expect, it } from 'vitest';
import { minuteOfDay } from '../orders';
import { loudness } from './meter';

describe('the meter', () => {
  it('is empty in silence, full at full scale, and half way at -30 dB', () => {
    expect(loudness(new Float32Array(64))).toBe(0);
    expect(loudness(new Float32Array(64).fill(1))).toBe(1);
    expect(loudness(new Float32Array(64).fill(10 ** (-30 / 20)))).toBeCloseTo(0.5);
  });
});

describe('a minute of the day', () => {
  it('is written as a time', () => {
    expect([minuteOfDay(0), minuteOfDay(760), minuteOfDay(1439)]).toEqual(['00:00', '12:40', '23:59']);
  });
});
