import { describe, expect, it } from 'vitest';
import { found, type Choice } from './filter';

const choices: Choice[] = [
  { id: '1', mark: '12', name: 'Licencia única' },
  { id: '2', mark: '112', name: 'Niñez y familia' },
  { id: '3', mark: '1001', name: 'Ana Núñez', kind: 'agente' },
];
const names = (typed: string) => found(choices, typed).map((choice) => choice.id);

describe('what is found by typing', () => {
  it('has every word, without accents or capitals', () => {
    expect(names('nunez')).toEqual(['3']);
    expect(names('UNICA lic')).toEqual(['1']);
    expect(names('agente ana')).toEqual(['3']);
    expect(names('nothing')).toEqual([]);
  });

  it('begins with the code that was typed whole, then with those that begin so', () => {
    expect(names('12')).toEqual(['1', '2']);
    expect(names('1')).toEqual(['1', '2', '3']);
    expect(names('ni')).toEqual(['2', '1']);
    expect(names('')).toHaveLength(3);
  });
});
