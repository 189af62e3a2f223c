import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const said: { url: string; body: Record<string, unknown> }[] = [];
let answers: (() => Promise<Response>)[] = [];

const kept = () => Promise.resolve(new Response(JSON.stringify({ message: 1, again: false })));
const lost = () => Promise.reject(new TypeError('no network'));
const refused = () =>
  Promise.resolve(new Response(JSON.stringify({ kind: 'too-large', detail: 'too long', status: 413, title: '', type: '' }), { status: 413 }));

/** The page as it is after a load. */
async function load() {
  vi.resetModules();
  return import('./sending');
}

const replies = () => said.filter((one) => one.url.endsWith('/replies')).map((one) => one.body);

beforeEach(() => {
  localStorage.clear();
  said.length = 0;
  answers = [];
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    said.push({ url, body: JSON.parse(String(init.body)) as Record<string, unknown> });
    return (answers.shift() ?? kept)();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('an answer of the desk', () => {
  it('is sent again under the same number when its answer was lost, and in order', async () => {
    const page = await load();
    answers = [lost];
    page.answer(7, { text: 'uno' });
    page.answer(7, { text: 'dos' });
    await vi.advanceTimersByTimeAsync(5_000);
    const sent = replies();
    expect(sent.map((one) => one['text'])).toEqual(['uno', 'uno', 'dos']);
    expect(sent[0]?.['client']).toBe(sent[1]?.['client']);
    expect(page.leaving.value.map((one) => one.state)).toEqual(['kept', 'kept']);
    page.settle(7, [{ client: String(sent[1]?.['client']) }, { client: String(sent[2]?.['client']) }]);
    expect(page.leaving.value).toEqual([]);
  });

  it('survives a reload until turno has it', async () => {
    const page = await load();
    answers = [lost, lost, lost];
    page.answer(7, { text: 'uno' });
    await vi.advanceTimersByTimeAsync(10);
    const again = await load();
    expect(again.leaving.value.map((one) => one.text)).toEqual(['uno']);
    answers = [];
    await again.flush();
    expect(again.leaving.value[0]?.state).toBe('kept');
    expect(new Set(replies().map((one) => one['client'])).size).toBe(1);
  });

  it('that is refused can be taken back, and holds up no other', async () => {
    const page = await load();
    answers = [refused];
    page.answer(7, { text: 'largo' });
    page.answer(7, { text: 'corto' });
    await vi.advanceTimersByTimeAsync(100);
    expect(page.leaving.value.map((one) => one.state)).toEqual(['refused', 'kept']);
    expect(page.takeBack(page.leaving.value[0]?.client ?? '')).toBe('largo');
  });
});

describe('a draft', () => {
  it('is here at once, at turno after a second, and gone when it is sent', async () => {
    const page = await load();
    for (const text of ['a', 'ab', 'abc']) page.typeDraft(7, text);
    expect((await load()).draftOf(7, null)).toBe('abc');
    await vi.advanceTimersByTimeAsync(1_100);
    expect(said.map((one) => one.body)).toEqual([{ do: 'draft', text: 'abc' }]);
    page.typeDraft(7, '');
    expect((await load()).draftOf(7, null)).toBe('');
    expect((await load()).draftOf(8, 'from another computer')).toBe('from another computer');
  });
});
