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
    sessionStorage.clear();
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

  it('is not loaded again and again where the old page still comes', async () => {
    const { renew } = await import('./renew');
    const quiet = () => ({ ...room({ queues: [queue('luae')] }), pages: 'next' });
    live.value = quiet();
    isOldPage.value = true;
    renew()();
    expect(reload).toHaveBeenCalledOnce();
    // The page that came is as old as before.
    const end = renew();
    live.value = quiet();
    expect(reload).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(11 * 60_000);
    live.value = quiet();
    expect(reload).toHaveBeenCalledTimes(2);
    end();
  });
});
