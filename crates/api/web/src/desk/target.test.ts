import { describe, expect, it } from 'vitest';
import { judge } from './target';

describe('the clock of the handling target', () => {
  const level = (seconds: number, marks: number[] = [150]) => judge(seconds, 180, 30, marks).level;

  it('is calm, near, over and far at the second at which turno says so', () => {
    expect([0, 149, 150, 179, 180, 269, 270].map((seconds) => level(seconds))).toEqual([
      'calm', 'calm', 'near', 'near', 'over', 'over', 'far',
    ]);
  });

  it('goes by the first mark, and by half as long again without one', () => {
    expect(level(200, [110])).toBe('far');
    expect(level(269, [])).toBe('over');
    expect(level(270, [])).toBe('far');
  });

  it('tells what is left, and never more than a whole bar', () => {
    expect(judge(60, 180, 30, [])).toMatchObject({ left: 120, share: 1 / 3 });
    expect(judge(400, 180, 30, [])).toMatchObject({ left: -220, share: 1 });
    expect(judge(1, 0, 0, []).share).toBe(1);
  });
});
