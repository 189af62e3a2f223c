import { describe, expect, it } from 'vitest';
import type { Forms } from '../../base/http';
import { ordered, standing } from './order';

type Callback = Forms['CallbackForm'];
const callback = (contact: number, more: Partial<Callback> = {}): Callback => ({
  contact,
  queue: 'luae',
  number: '*67',
  stage: 'waits',
  why: 'key',
  dials: 0,
  since: 1_000,
  due: null,
  until: null,
  agent: null,
  ...more,
});

describe('callbacks at the desk', () => {
  it('begin with the own one, then with those that are overdue for longest; what others have is last', () => {
    const all = [
      callback(1, { due: 9_000, stage: 'later' }),
      callback(2, { due: 3_000 }),
      callback(3),
      callback(4, { due: 8_000, stage: 'agent-rings', agent: '1001' }),
      callback(5, { stage: 'agent-rings', agent: '1002', since: 2_000 }),
    ];
    expect(ordered(all, '1001').map((one) => one.contact)).toEqual([4, 3, 2, 1, 5]);
    expect(ordered(all, null).map((one) => one.contact)).toEqual([3, 2, 1, 5, 4]);
  });

  it('are overdue from their moment on, unless somebody has taken them up', () => {
    expect(standing(callback(1, { due: 5_000, stage: 'later' }), 4_999)).toBe('later');
    expect(standing(callback(1, { due: 5_000 }), 5_000)).toBe('overdue');
    expect(standing(callback(1, { stage: 'person-rings' }), 5_000)).toBe('taken');
  });
});
