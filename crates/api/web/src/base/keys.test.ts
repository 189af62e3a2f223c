import { beforeEach, describe, expect, it } from 'vitest';
import { keyOf, register, remap } from './keys';

const press = (key: string, on: EventTarget = document.body, more: KeyboardEventInit = {}) =>
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

describe('keys', () => {
  let ran: string[] = [];
  const action = (id: string, key: string) => ({ id, key, label: () => id, run: () => void ran.push(id) });
  beforeEach(() => {
    ran = [];
    document.body.innerHTML = '<input><button>x</button>';
  });

  it('do nothing while somebody types a letter, and work with Alt', () => {
    const end = register([action('hold', 'h'), action('answer', 'Alt+a')]);
    const field = document.querySelector('input')!;
    press('h', field);
    press('a', field, { altKey: true });
    press('h');
    expect(ran).toEqual(['answer', 'hold']);
    end();
    press('h');
    expect(ran).toHaveLength(2);
  });

  it('can be chosen anew, but not twice', () => {
    const [hold, mute] = [action('hold', 'h'), action('mute', 'm')];
    const end = register([hold, mute]);
    expect(remap('hold', 'm')?.id).toBe('mute');
    expect(remap('hold', 'x')).toBeNull();
    press('x');
    press('h');
    expect(ran).toEqual(['hold']);
    remap('hold', null);
    expect(keyOf(hold)).toBe('h');
    end();
  });

  it('leave Enter to the button that has the focus', () => {
    const end = register([action('answer', 'Enter')]);
    press('Enter', document.querySelector('button')!);
    expect(ran).toEqual([]);
    end();
  });
});
