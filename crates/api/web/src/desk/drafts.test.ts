import { beforeEach, describe, expect, it, vi } from 'vitest';

describe('what was typed about a contact', () => {
  beforeEach(() => {
    localStorage.clear();
    vi.resetModules();
  });

  it('is there after a reload, each contact its own', async () => {
    const first = await import('./drafts');
    first.typeDraft(7, { note: 'pide copia' });
    first.typeDraft(7, { typed: 'pat' });
    first.typeDraft(8, { note: 'otra' });
    vi.resetModules();
    const again = await import('./drafts');
    expect(again.draftOf(7)).toMatchObject({ note: 'pide copia', typed: 'pat', given: null });
    expect(again.draftOf(8).note).toBe('otra');
    expect(again.draftOf(9).note).toBe('');
  });

  it('goes after a day, and damaged ones at once', async () => {
    localStorage.setItem('turno.draft.1', JSON.stringify({ note: 'old', at: Date.now() - 25 * 3_600_000 }));
    localStorage.setItem('turno.draft.2', '{');
    const { draftOf } = await import('./drafts');
    expect([draftOf(1).note, draftOf(2).note]).toEqual(['', '']);
    expect(localStorage.length).toBe(0);
  });

  it('is taken from another tab that types', async () => {
    const { draftOf } = await import('./drafts');
    localStorage.setItem('turno.draft.5', JSON.stringify({ note: 'there', at: Date.now() }));
    dispatchEvent(new StorageEvent('storage', { key: 'turno.draft.5' }));
    expect(draftOf(5).note).toBe('there');
  });
});
