import { beforeEach, describe, expect, it, vi } from 'vitest';
import { signal } from '@preact/signals';
import type { Live } from '../base/live';
import { queue, room } from './samples';

const isOldPage = signal(false);
const live = signal<Live | null>(null);
vi.mock('../base/live', () => ({ isOldPage, live }));

describe('a new version of the pages', () => {
  const reload = vi.fn();
  beforeEach(() => {
    reload.mockClear();
    isOldPage.value = false;
    live.value = room({ queues: [queue('luae', { waiting: 1 })] });
    vi.stubGlobal('location', { reload });
    vi.useFakeTimers();
  });

  it('waits until nobody waits in line', async () => {
    const { renew } = await import('./renew');
    const end = renew();
    isOldPage.value = true;
    expect(reload).not.toHaveBeenCalled();
    live.value = room({ queues: [queue('luae')] });
    expect(reload).toHaveBeenCalledOnce();
    end();
  });

  it('waits no longer than ten minutes', async () => {
    const { renew } = await import('./renew');
    const end = renew();
    isOldPage.value = true;
    vi.advanceTimersByTime(11 * 60_000);
    live.value = room({ queues: [queue('luae', { waiting: 2 })] });
    expect(reload).toHaveBeenCalled();
    end();
  });
});
