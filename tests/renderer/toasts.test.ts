import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toasts } from '../../renderer/state/toasts.svelte.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  for (const { id } of toasts.now) toasts.end(id);
  vi.useRealTimers();
});

describe('a toast', () => {
  it('goes by itself', () => {
    toasts.say({ verdict: 'ok', text: 'ID copied' });
    vi.advanceTimersByTime(7999);
    expect(toasts.now).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(toasts.now).toEqual([]);
  });

  it('waits as long as somebody points at it or has the focus in it, and one that comes meanwhile, too', () => {
    toasts.say({ verdict: 'ok', text: 'first' });
    toasts.hold('pointer');
    toasts.hold('focus');
    toasts.say({ verdict: 'ok', text: 'second' });
    vi.advanceTimersByTime(60_000);
    toasts.release('pointer');
    vi.advanceTimersByTime(60_000);
    expect(toasts.now.map(({ text }) => text)).toEqual(['first', 'second']);
    toasts.release('focus');
    vi.advanceTimersByTime(8000);
    expect(toasts.now).toEqual([]);
  });
});
