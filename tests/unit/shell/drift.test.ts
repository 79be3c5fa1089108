import { expect, test } from 'vitest';
import { driftBetween } from '../../../src/shell/drift.js';
import { toastOfDrift } from '../../../src/shell/toasts.js';
import { translator } from '../../../src/text/index.js';
import { vmOf, ids } from '../renderer/fixtures.js';
import { readWorld } from './a-machine.js';

const nobody: ReadonlySet<string> = new Set();
const { machine } = await readWorld('empty');
const withVm = (change: Parameters<typeof vmOf>[0] = {}) => ({ ...machine(), vms: [vmOf(change)] });
const [adapter] = vmOf().adapters ?? [];
if (!adapter) throw new Error('the fixture has an adapter');

test('nesting that somebody else turned off is said, with what it means', () => {
  const [drift] = driftBetween(withVm({ nesting: true }), withVm({ nesting: false }), nobody);
  expect(drift?.changes.map(({ key }) => key)).toEqual(['tray.driftNestingOff']);
  if (!drift) return;
  const toast = toastOfDrift(drift, translator('en', { timeZone: 'UTC' }));
  expect(toast.title).toBe('Something else changed Lab DC 01');
  expect(toast.body).toContain('08:00');
  expect(toast.click).toEqual({ kind: 'vm', vm: ids.lab });
});

test('spoofing and startup memory are watched too', () => {
  const before = withVm({ adapters: [{ ...adapter, macSpoofing: 'On' }] });
  const after = withVm({ memory: { ...vmOf().memory, startup: 2 ** 31 } });
  const [drift] = driftBetween(before, after, nobody);
  expect(drift?.changes.map(({ key }) => key)).toEqual(['tray.driftSpoofingOff', 'tray.driftMemory']);
});

test('what the app itself changes is no drift', () => {
  expect(driftBetween(withVm({ nesting: true }), withVm({ nesting: false }), new Set([ids.lab]))).toEqual([]);
});

test('what could not be read, is new, or is gone has not drifted', () => {
  expect(
    driftBetween(withVm({ nesting: true }), { ...machine(), vms: [{ ...vmOf(), nesting: undefined }] }, nobody),
  ).toEqual([]);
  expect(driftBetween(machine(), withVm({ nesting: true }), nobody)).toEqual([]);
  expect(driftBetween(withVm(), { ...machine(), vms: [] }, nobody)).toEqual([]);
  expect(driftBetween(withVm(), { ...machine(), vms: undefined }, nobody)).toEqual([]);
});

test('power and uptime are no drift', () => {
  expect(driftBetween(withVm({ state: 'Running' }), withVm({ state: 'Off', uptime: 0 }), nobody)).toEqual([]);
});
