/** One address for each machine of each PC. */
import { expect, test } from 'vitest';
import {
  hostOf,
  isHostText,
  isRefText,
  isWithin,
  outermostOf,
  rootOf,
  textOf,
  thisPc,
  vmIn,
  wayTo,
} from '../../../src/core/cmdlets/ref.js';
import { machineAt, vmAt, withMachine } from '../../../src/core/machine/tree.js';
import { otherPc } from './other-pc.js';
import { guid, machineOf, vmOf } from './worlds.js';

const l1 = vmIn(otherPc, guid(1));
const l2 = vmIn(l1, guid(2));

test('a way keeps the PC that it begins at', () => {
  expect([rootOf(otherPc), rootOf(l1), rootOf(l2)]).toEqual([otherPc, otherPc, otherPc]);
  expect(wayTo(l2)).toEqual([l1, l2]);
  expect(outermostOf(l2)).toBe(l1);
  expect(hostOf(l1)).toBe(otherPc);
  expect(isWithin(l2, otherPc)).toBe(true);
  expect(isWithin(l2, thisPc)).toBe(false);
});

test.each(['this-pc', 'host-0123456789ab'])('%s is a PC', (text) => {
  expect(isHostText(text)).toBe(true);
  expect(isRefText(`${text}/${guid(1)}`, 3)).toBe(true);
  expect(isRefText(text, 3)).toBe(false);
});

test.each([
  '',
  'that-pc',
  'host-',
  'host-0123456789a',
  'host-0123456789abc',
  'host-0123456789AB',
  'host-0123456789ag',
  'this-pc ',
  7,
])('%o is none', (text) => {
  expect(isHostText(text)).toBe(false);
  expect(isRefText(`${String(text)}/${guid(1)}`, 3)).toBe(false);
});

test('a VM of one PC is never found by the address of a VM of another, whatever its id', () => {
  const vm = vmOf(1);
  const here = machineOf({}, [vm]);
  expect(vmAt(here, vmIn(thisPc, guid(1)))).toBe(vm);
  expect(vmAt(here, l1)).toBeUndefined();
  expect(machineAt(here, otherPc)).toBeUndefined();
  expect(withMachine(here, l1, here)).toBe(here);
  const there = { ...here, at: otherPc };
  expect(vmAt(there, l1)).toBe(vm);
  expect(textOf(rootOf(l1))).toBe('host-0123456789ab');
});
