import { expect, test } from 'vitest';
import { vmsCalled } from '../../../src/core/machine/called.js';
import { guid, vmOf } from './worlds.js';

const [one, two, three] = [vmOf(1, { name: 'dev' }), vmOf(2, { name: 'Dev' }), vmOf(3, { name: guid(1) })];
const all = [one, two, three];

test('a VM is called by its id, or by its name in any letters, and never twice', () => {
  expect(vmsCalled(all, [guid(2).toUpperCase(), 'Dev', 'dev'])).toEqual({ kind: 'found', vms: [two, one] });
  expect(vmsCalled([two], ['dEV'])).toEqual({ kind: 'found', vms: [two] });
});

test('a name that fits several calls none of them', () => {
  expect(vmsCalled(all, ['dev', 'DEV'])).toEqual({ kind: 'several', word: 'DEV', vms: [one, two] });
  const twin = vmOf(4, { name: 'dev' });
  expect(vmsCalled([...all, twin], ['dev'])).toEqual({ kind: 'several', word: 'dev', vms: [one, twin] });
});

test('an id is never taken for a name, and what is nowhere is named', () => {
  expect(vmsCalled(all, [guid(1)])).toEqual({ kind: 'found', vms: [one] });
  expect(vmsCalled([two, three], [guid(1)])).toEqual({ kind: 'found', vms: [three] });
  expect(vmsCalled(all, ['dev', ''])).toEqual({ kind: 'unknown', word: '' });
});
