import { describe, expect, it } from 'vitest';
import { Events } from './live';

describe('events', () => {
  it('are whole wherever the connection cut them', () => {
    const text = 'event: room\ndata: {"at":1}\n\n: still there\n\nevent: room\ndata: {"at":2}\n\n';
    for (let cut = 0; cut <= text.length; cut++) {
      const events = new Events();
      expect([...events.take(text.slice(0, cut)), ...events.take(text.slice(cut))]).toEqual(['{"at":1}', '{"at":2}']);
    }
  });
});
