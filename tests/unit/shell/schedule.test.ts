import { expect, test } from 'vitest';
import { isFullDue, isSampleDue, nextTick } from '../../../src/shell/schedule.js';

test('a window that is looked at is fresh every 2 seconds, a hidden one every 15', () => {
  expect(nextTick({ started: 1000, took: 50 }, true)).toBe(3000);
  expect(nextTick({ started: 1000, took: 50 }, false)).toBe(16_000);
});

test('a slow host is left alone for ten times as long as it took', () => {
  expect(nextTick({ started: 1000, took: 700 }, true)).toBe(8000);
  expect(nextTick({ started: 1000, took: 4000 }, false)).toBe(41_000);
});

test('everything is read at first and every ten minutes', () => {
  expect(isFullDue(undefined, 0)).toBe(true);
  expect(isFullDue(0, 599_999)).toBe(false);
  expect(isFullDue(0, 600_000)).toBe(true);
});

test('what is not known about a running VM is asked for at once, but not for ever', () => {
  expect(isSampleDue({ lastSample: 0, unknown: true, tries: 1 }, 1)).toBe(true);
  expect(isSampleDue({ lastSample: 0, unknown: true, tries: 3 }, 1)).toBe(false);
  expect(isSampleDue({ lastSample: 0, unknown: false, tries: 0 }, 9999)).toBe(false);
  expect(isSampleDue({ lastSample: 0, unknown: false, tries: 9 }, 10_000)).toBe(true);
});
