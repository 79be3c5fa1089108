import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import { prospectGroups, prospectOf, type Prospect } from '../../../renderer/state/many.js';
import { spoofingGoal, spoofingOf } from '../../../renderer/wizard/spoofing.js';
import type { Adapter, Vm } from '../../../src/core/machine/machine.js';
import { checkOf } from './fixtures.js';
import { machineOf } from '../core/worlds.js';
import { vm } from './vms.js';

const adapter = (id: string, macSpoofing: Adapter['macSpoofing']): Adapter => ({
  id,
  name: 'Network Adapter',
  macAddress: '00155D000001',
  macSpoofing,
  switchId: null,
  switchName: 'LAN',
  addresses: [],
});

const listed = (one: Vm) => ({ ref: vmIn(thisPc, one.id), vm: one });

describe('what nesting would mean for many', () => {
  it('asks for a decision where the wizard has the fix, and says what it is about', () => {
    const old = checkOf({
      id: 'configuration-version',
      verdict: 'blocker',
      fix: { kind: 'vm', want: { version: '12.0' } },
    });
    const state = checkOf({ id: 'vm-state', verdict: 'blocker' });
    expect(prospectOf(machineOf({}), vm('old', { state: 'Saved' }), [state, old], false)).toEqual({
      kind: 'decide',
      by: old,
    });
  });

  it('groups three hundred alike, and loses none of them', () => {
    const prospects: readonly Prospect[] = [
      { kind: 'already' },
      { kind: 'changes', stops: 'nothing' },
      { kind: 'decide', by: undefined },
    ];
    const each = Array.from({ length: 300 }, (_, index) => ({
      ...listed(vm(`lab-${String(index)}`)),
      prospect: prospects[index % 3] ?? { kind: 'unknown' as const },
      reason: '',
    }));
    const groups = prospectGroups(each);
    expect(groups.map(({ prospect }) => prospect.kind)).toEqual(['decide', 'changes', 'already']);
    expect(groups.flatMap(({ vms }) => vms)).toHaveLength(300);
  });

  it('keeps apart what is blocked for different reasons', () => {
    const prospect: Prospect = { kind: 'blocked', by: undefined };
    const each = ['a', 'b', 'a'].map((reason) => ({ ...listed(vm('lab')), prospect, reason }));
    const groups = prospectGroups(each);
    expect(groups.map(({ vms }) => vms.length)).toEqual([2, 1]);
  });
});

describe('spoofing of many', () => {
  const both = vm('two adapters', { adapters: [adapter('a', 'On'), adapter('b', 'Off')] });
  const off = vm('off', { adapters: [adapter('c', 'Off')] });
  const bare = vm('no adapter');
  const unread = vm('unread', { adapters: [adapter('d', undefined)] });
  const moving = vm('moving', { state: 'Starting', adapters: [adapter('e', 'Off')] });
  const all = [both, off, bare, unread, moving];

  it('names the VMs that a switch would change, and those that cannot change now', () => {
    const { on, off: without, left, adapters, adaptersOn } = spoofingOf(all);
    const names = (of: readonly Vm[]): readonly string[] => of.map(({ name }) => name);
    expect(names(on)).toEqual(['two adapters']);
    expect(names(without)).toEqual(['two adapters', 'off']);
    expect(names(left)).toEqual(['no adapter', 'unread', 'moving']);
    expect([adapters.length, adaptersOn]).toEqual([3, 1]);
  });

  it('asks each adapter by its id, and none that is so already', () => {
    expect(spoofingGoal(all.map(listed), 'On')).toEqual({
      kind: 'vms',
      wants: [
        { vm: vmIn(thisPc, both.id), want: { adapters: { b: { macSpoofing: 'On' } } } },
        { vm: vmIn(thisPc, off.id), want: { adapters: { c: { macSpoofing: 'On' } } } },
      ],
      consents: [],
    });
  });

  it('counts what is chosen already as so', () => {
    const chosen = spoofingOf(all, { b: 'On', c: 'On' });
    expect([chosen.off.length, chosen.adaptersOn]).toEqual([0, 3]);
  });
});
