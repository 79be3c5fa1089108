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
    ['moves', {}, {}, '16 GB now, moving between 4 GB and 24 GB as it needs.'],
    [
      'moves, and is told how much is needed',
      {},
      { demand: 12 * GB },
      '16 GB now, moving between 4 GB and 24 GB as it needs. The system inside needs 12 GB.',
    ],
    [
      'will freeze',
      { nesting: true },
      {},
      '16 GB now, moving between 4 GB and 24 GB as it needs. It will be frozen once a hypervisor runs inside: nesting is on.',
    ],
    [
      'is frozen and wants more',
      { nesting: true, inside: 'certainly' },
      { demand: 19.125 * GB },
      '16 GB, frozen. The system inside would like 19.1 GB and gets no more until its hypervisor stops, or dev is off.',
    ],
    [
      'is frozen and could give some back',
      { nesting: true, inside: 'certainly' },
      { demand: 9 * GB },
      '16 GB, frozen. The system inside needs 9 GB; the rest stays with it until its hypervisor stops, or dev is off.',
    ],
    [
      'is probably frozen',
      { nesting: true, inside: 'probably' },
      {},
      '16 GB, probably frozen: a hypervisor seems to run inside, read without signing in. No more and no less until the hypervisor inside stops, or dev is off.',
    ],
    [
      'may be frozen or not',
      { nesting: true, inside: 'unknown' },
      {},
      '16 GB now, moving between 4 GB and 24 GB as it needs. Whether it is frozen is not known: nothing tells whether a hypervisor runs inside.',
    ],
    ['is fixed', {}, fixed, '16 GB, fixed: it stays so until it is changed.'],
    [
      'is fixed, nesting on',
      { nesting: true },
      fixed,
      '16 GB, fixed: it stays so until it is changed. Nesting is on: once a hypervisor runs inside, it can change only while dev is off.',
    ],
    [
      'is fixed, a hypervisor inside',
      { nesting: true, inside: 'certainly' },
      fixed,
      '16 GB, fixed: it stays so until it is changed. A hypervisor runs inside, so it can change only while dev is off.',
    ],
    [
      'is fixed, probably one inside',
      { nesting: true, inside: 'probably' },
      fixed,
      '16 GB, fixed: it stays so until it is changed. A hypervisor probably runs inside, so it can change only while dev is off.',
    ],
    [
      'is fixed, not known',
      { nesting: true, inside: 'unknown' },
      fixed,
      '16 GB, fixed: it stays so until it is changed. Whether it can change while it runs is not known: nothing tells whether a hypervisor runs inside.',
    ],
    ['is off', { state: 'Off' }, {}, 'Off. It gets 8 GB when it starts, and then what it needs, from 4 GB to 24 GB.'],
    [
      'is off, nesting on',
      { state: 'Off', nesting: true },
      {},
      'Off. It gets 8 GB when it starts, and then what it needs, from 4 GB to 24 GB. It will be frozen once a hypervisor runs inside: nesting is on.',
    ],
    ['is off and fixed', { state: 'Off' }, fixed, 'Off. It gets 8 GB when it starts, no more and no less.'],
    [
      'is off, limits unread',
      { state: 'Off' },
      { maximum: undefined },
      'Off. It gets 8 GB when it starts, and then what it needs.',
    ],
    ['moves, limits unread', {}, { minimum: undefined }, '16 GB now, moving as it needs.'],
    ['is saved', { state: 'Saved' }, {}, 'Saved. What was in its memory lies on disk; it holds none of DEV-PC’s now.'],
    ['is paused', { state: 'Paused', inside: 'unknown' }, {}, 'Paused. It keeps its 16 GB, and nothing moves.'],
    ['is in between', { state: 'Stopping' }, {}, 'Shutting down. What it gets is read when that is over.'],
    ['could not be read', {}, { dynamic: undefined }, 'How its memory stands could not be read.'],
    ['has no state', { state: undefined }, {}, 'How its memory stands could not be read.'],
    ['is off, unread', { state: 'Off' }, { startup: undefined }, 'How its memory stands could not be read.'],
    ['runs, unread', {}, { assigned: undefined }, 'How its memory stands could not be read.'],
  ])('%s', (_, vm, memory, sentence) => expect(say(vm, memory)).toBe(sentence));
});
