import { signal } from '@preact/signals';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Choice } from '../filter';
import { Combo } from './Combo';

const choices: Choice[] = [
  { id: 'a', mark: '11', name: 'Patente' },
  { id: 'b', mark: '12', name: 'Predial' },
];

describe('a field with choices', () => {
  const typed = signal('');
  let chosen: [string | null, string, boolean][] = [];
  let field: HTMLInputElement;
  const press = (key: string, more: KeyboardEventInit = {}) =>
    act(() => void field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })));
  const type = (text: string) =>
    act(() => {
      field.value = text;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    });
  const show = (takesAnything: boolean) => {
    const Field = () => (
      <Combo
        id="code"
        label="Code"
        hint=""
        choices={choices}
        typed={typed.value}
        onType={(text) => {
          typed.value = text;
        }}
        takesAnything={takesAnything}
        onChoose={(choice, text, isShifted) => chosen.push([choice?.id ?? null, text, isShifted])}
      />
    );
    act(() => render(<Field />, document.body));
    field = document.querySelector('input')!;
  };
  beforeEach(() => {
    act(() => render(null, document.body));
    typed.value = '';
    chosen = [];
  });

  it('is chosen from by arrows and Enter, and Shift is told', () => {
    show(false);
    type('p');
    press('ArrowDown');
    expect(document.querySelector('[aria-selected=true]')?.textContent).toContain('Predial');
    press('Enter', { shiftKey: true });
    expect(chosen).toEqual([['b', 'p', true]]);
  });

  it('takes what matches nothing only where anything is taken', () => {
    show(false);
    type('0991234567');
    press('Enter');
    expect(chosen).toEqual([]);
    act(() => render(null, document.body));
    show(true);
    press('Enter');
    expect(chosen).toEqual([[null, '0991234567', false]]);
  });

  it('closes by Escape first, and is left by the next one', () => {
    show(false);
    field.focus();
    type('p');
    expect(field.getAttribute('aria-expanded')).toBe('true');
    press('Escape');
    expect([field.getAttribute('aria-expanded'), document.activeElement === field]).toEqual(['false', true]);
    press('Escape');
    expect(document.activeElement === field).toBe(false);
  });
});
