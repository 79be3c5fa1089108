/** A source that is closed while it opens leaves nothing behind that nobody would ever close. */
import fs, { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { thisPc } from '../../../src/core/cmdlets/ref.js';
import { AppStore } from '../../../src/shell/app-state.js';
import { OpenSource } from '../../../src/shell/open-source.js';
import type { Place } from '../../../src/shell/place.js';
import { stateOf } from '../../renderer/bridge.js';
import { placeOf } from './a-place.js';
import { hearing } from './keeping.js';

vi.mock('electron', () => ({
  app: { getVersion: () => '0.0.0' },
  powerMonitor: { getSystemIdleTime: () => 0 },
  safeStorage: { isEncryptionAvailable: () => false },
}));

let data: string;
beforeEach(() => (data = mkdtempSync(path.join(tmpdir(), 'hypernest-source-'))));
afterEach(() => fs.rmSync(data, { recursive: true, force: true, maxRetries: 9 }));

function opening() {
  const { place, seen } = placeOf('workstation', path.join(data, 'runs', 'one'));
  const closed = vi.fn(() => Promise.resolve());
  let places = 0;
  let answer: (place: Place) => void = () => undefined;
  const nothing = () => undefined;
  const source = new OpenSource({
    at: thisPc,
    store: new AppStore(stateOf([]), nothing),
    openPlace: () => {
      places++;
      return new Promise((resolve) => (answer = resolve));
    },
    data,
    keeping: hearing,
    log: { info: nothing, error: nothing },
    failed: (what, error) => expect.fail(`${what}: ${String(error)}`),
    installation: 'from-source',
    unusedLimit: 600_000,
    isWindowVisible: () => false,
    send: nothing,
    changed: nothing,
    runsChanged: nothing,
    ended: nothing,
  });
  return { source, seen, closed, asked: () => places, answer: () => answer({ ...place, close: closed }) };
}

test('closed before its place is there: the place is closed, and no session begins', async () => {
  const { source, seen, closed, asked, answer } = opening();
  const opened = source.open();
  await vi.waitFor(() => expect(asked()).toBe(1));
  await source.close();
  answer();
  await opened;
  expect(source.world === undefined).toBe(true);
  expect([seen.opened, closed.mock.calls.length]).toEqual([0, 1]);
});

test('closed while its journal is read: its session ends too', async () => {
  const { source, seen, closed, asked, answer } = opening();
  const opened = source.open();
  await vi.waitFor(() => expect(asked()).toBe(1));
  answer();
  await Promise.resolve();
  await source.close();
  await opened;
  expect(source.world === undefined).toBe(true);
  expect([seen.opened - seen.closed, closed.mock.calls.length]).toEqual([0, 1]);
});

test('closed at once: nothing is opened', async () => {
  const { source, asked } = opening();
  const opened = source.open();
  await source.close();
  await opened;
  expect(asked()).toBe(0);
});
