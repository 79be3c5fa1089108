/** Time that stands still while the PC sleeps: what waits and what is timed goes by it. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pausableClock } from '../../../src/powershell/clock.js';

const night = 9 * 3_600_000;
/** What the counter of Windows says beyond the timers: it may run on in sleep. */
let beyond = 0;
const clockNow = () => pausableClock(() => performance.now() + beyond);

beforeEach(() => {
  beyond = 0;
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('goes on while the PC is awake, however long', async () => {
  const clock = clockNow();
  const act = vi.fn();
  const started = clock.now();
  clock.after(600_000, act);
  await vi.advanceTimersByTimeAsync(599_999);
  expect(act).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(act).toHaveBeenCalledOnce();
  expect(clock.now() - started).toBe(600_000);
});

test('stands still from the moment that it is told of sleep until it is told of waking', async () => {
  const clock = clockNow();
  const act = vi.fn();
  clock.after(20_000, act);
  await vi.advanceTimersByTimeAsync(15_000);
  clock.pause();
  const before = clock.now();
  await vi.advanceTimersByTimeAsync(night);
  expect(clock.now()).toBe(before);
  const late = vi.fn();
  clock.after(1000, late);
  await vi.advanceTimersByTimeAsync(night);
  expect(late).not.toHaveBeenCalled();
  clock.resume();
  await vi.advanceTimersByTimeAsync(4999);
  expect([act.mock.calls.length, late.mock.calls.length]).toEqual([0, 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(act).toHaveBeenCalledOnce();
});

test('counts a sleep that nobody told of as seconds', async () => {
  const clock = clockNow();
  const act = vi.fn();
  const before = clock.now();
  clock.after(60_000, act);
  await vi.advanceTimersByTimeAsync(5000);
  beyond += night;
  await vi.advanceTimersByTimeAsync(5000);
  expect(act).not.toHaveBeenCalled();
  expect(clock.now() - before).toBeLessThan(20_000);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(act).toHaveBeenCalledOnce();
});

test('never goes back, and what was taken back is not done', async () => {
  const clock = clockNow();
  const act = vi.fn();
  const takeBack = clock.after(1000, act);
  const before = clock.now();
  beyond -= night;
  expect(clock.now()).toBe(before);
  takeBack();
  clock.pause();
  clock.resume();
  await vi.advanceTimersByTimeAsync(5000);
  expect(act).not.toHaveBeenCalled();
});
