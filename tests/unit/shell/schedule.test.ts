import { expect, test } from 'vitest';
import { isFullDue, nextTick, paceOf } from '../../../src/shell/schedule.js';

const last = { started: 1000, took: 50, failures: 0 };

test('a window that is looked at is fresh every 2 seconds, a hidden one every 15, a PC that nobody uses every minute', () => {
  expect(nextTick(last, 'visible')).toBe(3000);
  expect(nextTick(last, 'hidden')).toBe(16_000);
  expect(nextTick(last, 'away')).toBe(61_000);
});

test('after ten minutes without input nobody is taken to be there', () => {
  expect(paceOf(true, 599)).toBe('visible');
  expect(paceOf(false, 599)).toBe('hidden');
  expect(paceOf(true, 600)).toBe('away');
});

test('a slow host is left alone for ten times as long as it took', () => {
  expect(nextTick({ ...last, took: 700 }, 'visible')).toBe(8000);
  expect(nextTick({ ...last, took: 4000 }, 'hidden')).toBe(41_000);
});

test('what fails is tried half as often each time, and every five minutes at the least', () => {
  expect(nextTick({ ...last, failures: 1 }, 'visible')).toBe(5000);
  expect(nextTick({ ...last, failures: 3 }, 'hidden')).toBe(121_000);
  expect(nextTick({ ...last, failures: 1000 }, 'visible')).toBe(301_000);
});

test('everything is read at first and every ten minutes', () => {
  expect(isFullDue(undefined, 0)).toBe(true);
  expect(isFullDue(0, 599_999)).toBe(false);
  expect(isFullDue(0, 600_000)).toBe(true);
});
