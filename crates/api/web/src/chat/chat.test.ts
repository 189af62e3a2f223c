import { beforeEach, describe, expect, it } from 'vitest';
import { merge, openChoices, pieces, type Message } from './merge';
import { number, Outbox } from './outbox';
import { standing } from './standing';
import { words } from './words';

const said = (id: number, text = `m${id}`): Message => ({ id, by: 'bot', at: 0, body: { kind: 'text', text }, delivery: 'sent' });

describe('the log', () => {
  it('has each message once and in order, however updates overlap', () => {
    let log: Message[] = [];
    for (const news of [[said(1), said(2)], [said(2), said(3)], [], [said(5)], [said(4)], [said(1)]]) log = merge(log, news);
    expect(log.map((one) => one.id)).toEqual([1, 2, 3, 4, 5]);
  });

  it('offers the choices of the last message alone', () => {
    const asks: Message = { ...said(2), body: { kind: 'choices', text: '?', choices: [{ id: 'a', title: 'A' }] } };
    expect(openChoices([said(1), asks])).toEqual([{ id: 'a', title: 'A' }]);
    expect(openChoices([asks, said(3)])).toEqual([]);
    expect(openChoices([])).toEqual([]);
  });

  it('knows addresses of pages in words, and nothing else', () => {
    const links = (text: string) => pieces(text).filter((piece) => piece.isLink).map((piece) => piece.text);
    expect(links('Vea https://www.quito.gob.ec/tramites?a=1. Gracias')).toEqual(['https://www.quito.gob.ec/tramites?a=1']);
    for (const none of ['javascript:alert(1)', 'http://x.example', 'https://', 'data:text/html,x', '<https>']) expect(links(none)).toEqual([]);
    expect(pieces('a https://x.example b').map((piece) => piece.text).join('')).toBe('a https://x.example b');
    expect(links('https://x.example/"><script>')).toEqual(['https://x.example/']);
  });
});

describe('what is not sent yet', () => {
  beforeEach(() => localStorage.clear());

  it('survives a reload in its order, and goes when the log has it', () => {
    const before = new Outbox();
    for (const client of ['a', 'b', 'c']) before.add({ do: 'say', client, text: client });
    before.kept('a');
    const after = new Outbox();
    expect(after.all.map((one) => one.deed.client)).toEqual(['b', 'c']);
    expect(after.first()?.client).toBe('b');
    after.shown(new Set(['b']));
    expect(new Outbox().all.map((one) => one.deed.client)).toEqual(['c']);
    after.refused('c', 'why');
    expect(after.first()).toBeUndefined();
    expect(new Outbox().all[0]?.state).toBe('refused');
    after.remove('c');
    expect(localStorage.length).toBe(0);
  });

  it('is not undone by what is no outbox', () => {
    for (const wrong of ['{', '{}', '[1]', '[{"deed":{}}]']) {
      localStorage.setItem('turno.chat.outbox', wrong);
      expect(new Outbox().all).toEqual([]);
    }
  });

  it('has numbers of its own', () => {
    expect(new Set(Array.from({ length: 100 }, number)).size).toBe(100);
    expect(number()).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('who waits', () => {
  it('is told the place and the wait, and that nobody knows where there is none', () => {
    expect(standing(3, 61, words.es)).toBe('Usted es el número 3 de la fila. Espera aproximada: 2 min.');
    expect(standing(1, 0, words.en)).toBe('You are number 1 in line. The wait is about 1 min.');
    expect(standing(2, null, words.en)).toBe('You are number 2 in line. How long it will take can’t be told now.');
    expect(standing(null, null, words.es)).toBe('Espera a una persona.');
  });
});
