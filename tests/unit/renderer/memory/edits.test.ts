import { describe, expect, it } from 'vitest';
import { memoryWantOf, problemsOf, withEdits } from '../../../../renderer/memory/edits.js';
import { hostMemoryOf, roomFor } from '../../../../renderer/memory/host-memory.js';
import { noteOf } from '../../../../renderer/memory/note.js';
import type { Vm } from '../../../../src/core/machine/machine.js';
import { translator } from '../../../../src/text/index.js';
import { machineOf, vmOf as coreVm } from '../../core/worlds.js';
import { vmOf } from '../fixtures.js';

const GB = 2 ** 30;
const t = translator('en');
const memory: Vm['memory'] = {
  dynamic: true,
  startup: 8 * GB,
  minimum: 4 * GB,
  maximum: 16 * GB,
  assigned: 8 * GB,
  demand: 6 * GB,
};

describe('what is asked for', () => {
  it('is only what differs', () => {
    expect(memoryWantOf(memory, {})).toBeNull();
    expect(memoryWantOf(memory, { startup: 8 * GB, dynamic: true })).toBeNull();
    expect(memoryWantOf(memory, { startup: 12 * GB, maximum: 16 * GB })).toEqual({ startup: 12 * GB });
    expect(memoryWantOf(memory, { minimum: 2 * GB, maximum: 32 * GB })).toEqual({ minimum: 2 * GB, maximum: 32 * GB });
  });

  it('has no limits for fixed memory: Windows refuses them', () => {
    expect(memoryWantOf(memory, { dynamic: false, minimum: 2 * GB, startup: 12 * GB })).toEqual({
      dynamic: false,
      startup: 12 * GB,
    });
    expect(memoryWantOf({ ...memory, dynamic: false }, { dynamic: true, maximum: 32 * GB })).toEqual({
      dynamic: true,
      maximum: 32 * GB,
    });
  });
});

describe('what cannot be is said at the field that should give way', () => {
  const problems = (edits: Parameters<typeof withEdits>[1], of: Vm['memory'] = memory): readonly string[] =>
    [...problemsOf(withEdits(of, edits), 64 * GB, 'DEV-PC')].map(
      ([field, message]) => `${field}: ${t.message(message).replaceAll('\u00a0', ' ')}`,
    );

  it.each([
    ['nothing', {}, []],
    ['a startup above the maximum', { startup: 20 * GB }, ['maximum: Enter at least the startup memory, 20 GB.']],
    ['a startup below the minimum', { startup: 2 * GB }, ['minimum: Enter at most the startup memory, 2 GB.']],
    ['a startup above this PC', { startup: 65 * GB, maximum: 128 * GB }, ['startup: More than DEV-PC has: 64 GB.']],
    ['limits that are far apart', { minimum: GB, maximum: 1024 * GB }, []],
  ] as const)('%s', (_, edits, said) => expect(problems(edits)).toEqual(said));

  it('does not look at the limits of fixed memory', () => {
    expect(problems({ dynamic: false, startup: 32 * GB })).toEqual([]);
  });
});

describe('who holds the memory of this PC', () => {
  const held = (n: number, gb: number | undefined): Vm =>
    coreVm(n, {
      state: gb === 0 ? 'Off' : 'Running',
      memory: { ...memory, assigned: gb === undefined ? gb : gb * GB },
    });

  it('adds up to what there is', () => {
    const vms = [held(1, 16), held(2, 8), held(3, 4), held(4, 0)];
    const own = vms[0];
    if (!own) throw new Error('no VM');
    const host = hostMemoryOf(machineOf({ freeMemory: 30 * GB }, vms), own);
    expect(host).toEqual({ total: 64 * GB, free: 30 * GB, own: 16 * GB, others: 12 * GB, otherVms: 2, rest: 6 * GB });
    // It holds its own only until it is off.
    expect(host && roomFor(host)).toBe(46 * GB);
  });

  it('says nothing of the others where one of them could not be read', () => {
    const vms = [held(1, 16), held(2, undefined)];
    const own = vms[0];
    if (!own) throw new Error('no VM');
    const host = hostMemoryOf(machineOf({ freeMemory: 30 * GB }, vms), own);
    expect(host).toMatchObject({ others: undefined, rest: 18 * GB });
    expect(hostMemoryOf(machineOf({ freeMemory: undefined }, vms), own)).toBeUndefined();
  });
});

describe('what is true about the click', () => {
  const dev = vmOf({ name: 'dev', memory });
  const click = { vm: dev, isChanged: true, isWrong: false, because: null, estimate: undefined } as const;
  const measured = { down: 60, up: 40 };

  it.each([
    ['nothing differs', { isChanged: false }, t('memory.noteNothing')],
    ['something is wrong', { isWrong: true, isChanged: false }, t('memory.noteWrong')],
    ['it is off', { vm: { ...dev, state: 'Off' } }, 'dev is off, so there’s no downtime.'],
    ['Windows takes it as it runs', {}, 'dev keeps running: no downtime.'],
    ['it is frozen', { because: 'inside' }, 'Memory is locked, so dev has to shut down.'],
    [
      'it is frozen and was measured',
      { because: 'inside', estimate: measured },
      'Memory is locked, so dev has to shut down: about 1½ minutes of downtime.',
    ],
    [
      'VMs run inside',
      { because: 'inside', estimate: measured, vm: { ...dev, nested: [{ name: 'a', state: 'Running' }] } },
      'Memory is locked, so dev and the VMs in it have to shut down: about 1½ minutes of downtime.',
    ],
    [
      'only the limits of a VM that is off are narrowed',
      { because: 'narrower' },
      'While it runs, the memory range can only get larger, so dev has to shut down.',
    ],
    [
      'it is saved',
      { because: 'not-running', vm: { ...dev, state: 'Saved' } },
      'dev has a saved state. You decide first what happens to it.',
    ],
    [
      'it is paused',
      { because: 'not-running', vm: { ...dev, state: 'Paused' } },
      'dev is paused. It has to be resumed and shut down, then starts again.',
    ],
    [
      'it is in between',
      { because: 'not-running', vm: { ...dev, state: 'Stopping' } },
      'dev is changing its state. You can continue when that’s done.',
    ],
  ] as const)('%s', (_, change, said) => {
    expect(noteOf(t, { ...click, ...change }).replaceAll('\u00a0', ' ')).toBe(said);
  });

  it.each(['inside', 'inside-unknown', 'dynamic', 'startup', 'narrower', 'version', 'not-running'] as const)(
    'names the VM and that it goes down, because of %s',
    (because) => expect(noteOf(t, { ...click, because })).toMatch(/\b(?:dev has to shut down|a shutdown of dev)\.$/),
  );
});
