import { describe, expect, it } from 'vitest';
import { memorySentence } from '../../../../renderer/memory/sentence.js';
import type { Vm } from '../../../../src/core/machine/machine.js';
import { translator } from '../../../../src/text/index.js';
import { vmOf } from '../fixtures.js';

const GB = 2 ** 30;
const t = translator('en');
const dynamic: Vm['memory'] = {
  dynamic: true,
  startup: 8 * GB,
  minimum: 4 * GB,
  maximum: 24 * GB,
  assigned: 16 * GB,
  demand: 0,
};
const say = (change: Partial<Vm>, memory: Partial<Vm['memory']> = {}): string =>
  memorySentence(t, vmOf({ name: 'dev', memory: { ...dynamic, ...memory }, ...change }), 'DEV-PC').replaceAll(
    '\u00a0',
    ' ',
  );
const fixed = { dynamic: false } as const;

describe('the sentence about memory is true now', () => {
  it.each<readonly [string, Partial<Vm>, Partial<Vm['memory']>, string]>([
    ['moves', {}, {}, '16 GB now, adjusted between 4 GB and 24 GB to what it needs.'],
    [
      'moves, and is told how much is needed',
      {},
      { demand: 12 * GB },
      '16 GB now, adjusted between 4 GB and 24 GB to what it needs. The guest needs 12 GB.',
    ],
    [
      'will freeze',
      { nesting: true },
      {},
      '16 GB now, adjusted between 4 GB and 24 GB to what it needs. Nested virtualization is on: memory is locked while a hypervisor runs in the VM.',
    ],
    [
      'is frozen and wants more',
      { nesting: true, inside: 'certainly' },
      { demand: 19.125 * GB },
      '16 GB, locked. The guest wants 19.1 GB but can’t get more until its hypervisor stops or dev is off.',
    ],
    [
      'is frozen and could give some back',
      { nesting: true, inside: 'certainly' },
      { demand: 9 * GB },
      '16 GB, locked. The guest needs 9 GB. It keeps the rest until its hypervisor stops or dev is off.',
    ],
    [
      'is probably frozen',
      { nesting: true, inside: 'probably' },
      {},
      '16 GB, probably locked: a hypervisor is probably running in it, judged without signing in. It doesn’t change until the hypervisor in it stops or dev is off.',
    ],
    [
      'may be frozen or not',
      { nesting: true, inside: 'unknown' },
      {},
      '16 GB now, adjusted between 4 GB and 24 GB to what it needs. Can’t tell whether it’s locked, because Hypernest can’t tell whether a hypervisor is running in it.',
    ],
    ['is fixed', {}, fixed, '16 GB, static. It stays the same until you change it.'],
    [
      'is fixed, nesting on',
      { nesting: true },
      fixed,
      '16 GB, static. It stays the same until you change it. Nested virtualization is on: while a hypervisor runs in it, it can change only while dev is off.',
    ],
    [
      'is fixed, a hypervisor inside',
      { nesting: true, inside: 'certainly' },
      fixed,
      '16 GB, static. It stays the same until you change it. A hypervisor is running in it, so it can change only while dev is off.',
    ],
    [
      'is fixed, probably one inside',
      { nesting: true, inside: 'probably' },
      fixed,
      '16 GB, static. It stays the same until you change it. A hypervisor is probably running in it, so it can change only while dev is off.',
    ],
    [
      'is fixed, not known',
      { nesting: true, inside: 'unknown' },
      fixed,
      '16 GB, static. It stays the same until you change it. Can’t tell whether it can change while it’s running, because Hypernest can’t tell whether a hypervisor is running in it.',
    ],
    ['is off', { state: 'Off' }, {}, 'Off. It gets 8 GB when it starts, then what it needs, from 4 GB to 24 GB.'],
    [
      'is off, nesting on',
      { state: 'Off', nesting: true },
      {},
      'Off. It gets 8 GB when it starts, then what it needs, from 4 GB to 24 GB. Nested virtualization is on: memory is locked while a hypervisor runs in the VM.',
    ],
    ['is off and fixed', { state: 'Off' }, fixed, 'Off. It gets 8 GB when it starts.'],
    [
      'is off, limits unread',
      { state: 'Off' },
      { maximum: undefined },
      'Off. It gets 8 GB when it starts, then what it needs.',
    ],
    ['moves, limits unread', {}, { minimum: undefined }, '16 GB now, adjusted to what it needs.'],
    ['is saved', { state: 'Saved' }, {}, 'Saved. Its memory is on disk and uses none of DEV-PC’s memory.'],
    ['is paused', { state: 'Paused', inside: 'unknown' }, {}, 'Paused. It keeps 16 GB.'],
    ['is in between', { state: 'Stopping' }, {}, 'Shutting down. This page updates when it’s done.'],
    ['could not be read', {}, { dynamic: undefined }, t('memory.unread')],
    ['has no state', { state: undefined }, {}, t('memory.unread')],
    ['is off, unread', { state: 'Off' }, { startup: undefined }, t('memory.unread')],
    ['runs, unread', {}, { assigned: undefined }, t('memory.unread')],
  ])('%s', (_, vm, memory, sentence) => expect(say(vm, memory)).toBe(sentence));
});
