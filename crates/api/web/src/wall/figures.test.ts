import { describe, expect, it } from 'vitest';
import { distinct, columns, dueTone, judge, longest, needOf, shown, sums, tiles } from './figures';
import { agent, contact, minutes, NOW, queue, room } from './samples';

describe('names on a screen', () => {
  it('lose the words that all of them have where they would be cut', () => {
    const long = ['Agente de la ventanilla norte 1', 'Agente de la ventanilla sur 2'];
    expect(distinct(long, 16)).toEqual(['norte 1', 'sur 2']);
    expect(distinct(['Puesto 1001', 'Puesto 1002'], 16)).toEqual(['Puesto 1001', 'Puesto 1002']);
    expect(distinct(['Agente de la ventanilla norte', 'Agente'], 16)).toEqual(['Agente de la ventanilla norte', 'Agente']);
    expect(distinct(['Agente de la ventanilla norte'], 16)).toEqual(['Agente de la ventanilla norte']);
  });
});

describe('the order of the tiles', () => {
  it('puts an overstay first, then who missed an offer, then the rest by state', () => {
    const live = room({
      agents: [
        agent('1'),
        agent('2', { state: 'talking', contact: 9 }),
        agent('3', { state: 'aux', reason: 'rona' }),
        agent('4', { state: 'aux', reason: 'lunch', since: minutes(40), due_at: minutes(10) }),
        agent('5', { state: 'logged-out' }),
        agent('6', { state: 'acw', since: minutes(5) }),
        agent('7', { state: 'acw', since: minutes(1) }),
      ],
      contacts: [contact(9, { breached: true })],
    });
    expect(tiles(live).map((tile) => [tile.agent.extension, tile.need])).toEqual([
      ['4', 'overstay'],
      ['3', 'rona'],
      ['2', 'past'],
      ['6', 'acw'],
      ['1', 'none'],
      ['7', 'none'],
    ]);
  });

  it('says nothing of a break that is in its time', () => {
    const away = agent('1', { state: 'aux', reason: 'lunch', since: minutes(20), due_at: NOW + 1 });
    expect(needOf(away, new Map(), NOW)).toBe('none');
    expect(needOf(agent('1', { state: 'aux', reason: 'office', since: minutes(31) }), new Map(), NOW)).toBe('break');
  });
});

describe('the figures of all queues', () => {
  it('are sums, and a share only where something ended', () => {
    const busy = { waiting: 3, waiting_since: minutes(2), recent: { offered: 10, answered: 8, answered_in_target: 5, abandoned: 2, service_level: 0.5 } };
    const live = room({
      queues: [queue('a', { ...busy, offered: 10, answered: 9, answered_in_target: 8 }), queue('b')],
      agents: [agent('1'), agent('2', { state: 'aux', reason: 'unreachable' }), agent('3', { state: 'logged-out' })],
    });
    expect(sums(live)).toMatchObject({ waiting: 3, free: 1, staffed: 2, levelRecent: 0.5, lostRecent: 2, phonesOut: 1 });
    expect(sums(live).levelToday).toBeCloseTo(0.8);
    expect(longest(live.room.queues)?.name).toBe('a');
    expect(sums(room({})).levelToday).toBeNull();
    expect(longest([])).toBeNull();
  });

  it('keep those queues in sight in which somebody waits', () => {
    const queues = Array.from({ length: 12 }, (_, n) => queue(`q${n}`, n === 11 ? { waiting: 2 } : {}));
    const seen = shown(queues, 8);
    expect(seen.queues.length).toBe(7);
    expect(seen.queues.at(-1)?.name).toBe('q11');
    expect([seen.more, seen.waiting]).toEqual([5, 0]);
  });

  it('are judged by four of five', () => {
    expect([judge(0.8), judge(0.79), judge(0.2), judge(null)]).toEqual(['good', 'warn', 'bad', '']);
    expect([columns(20), columns(21), columns(60)]).toEqual([5, 6, 8]);
  });
});

describe('who is due next', () => {
  it('is looked at half a minute before, and more so when the target has passed', () => {
    expect([null, 31, 30, 0, -1].map(dueTone)).toEqual(['', '', 'warn', 'warn', 'bad']);
  });
});
