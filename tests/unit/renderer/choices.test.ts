import { vmIn, thisPc } from '../../../src/core/cmdlets/ref.js';
import { describe, expect, it } from 'vitest';
import {
  alike,
  draftOf,
  goalOf,
  inTheWay,
  isDecided,
  newestOf,
  recommendationsOf,
  tickedBy,
  wantOf,
  withoutRecommended,
  withRecommended,
} from '../../../renderer/wizard/choices.js';
import type { MemoryWant } from '../../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { hostOf } from '../core/worlds.js';
import { otherPc } from '../core/other-pc.js';
import { adapterOf, checkOf, ids, vmOf } from './fixtures.js';

const machine: Machine = { at: thisPc, host: hostOf({}), vms: [] };
const placed = (...vms: readonly Vm[]) => vms.map((vm) => ({ ref: vmIn(thisPc, vm.id), vm, machine }));
const asked = (want: object) => draftOf([{ vm: vmIn(thisPc, ids.lab), want }]);

describe('what is asked of a VM', () => {
  it('asks only for what differs, so that nothing is written twice', () => {
    const draft = { ...asked({ nesting: true }), stopAction: 'Save' as const, automaticCheckpoints: true };
    expect(wantOf(vmOf(), draft)).toEqual({ nesting: true });
  });

  it('asks for nothing when all is so already', () => {
    expect(wantOf(vmOf({ nesting: true }), asked({ nesting: true }))).toBeNull();
    expect(goalOf(placed(vmOf({ nesting: true })), asked({ nesting: true }))).toBeNull();
  });

  it('keeps the work of a saved state unless the user drops it', () => {
    const saved = vmOf({ state: 'Saved' });
    expect(wantOf(saved, asked({ nesting: true }))).toEqual({ nesting: true, savedState: 'resume' });
    expect(wantOf(saved, { ...asked({ nesting: true }), savedState: 'drop' })?.savedState).toBe('drop');
  });

  it('leaves a saved state alone where the change does not need the VM off', () => {
    expect(wantOf(vmOf({ state: 'Saved' }), asked({ stopAction: 'ShutDown' }))).toEqual({ stopAction: 'ShutDown' });
  });

  it('passes on what the page of the memory has chosen', () => {
    const memory = { dynamic: true, startup: 2 ** 33, minimum: 2 ** 31, maximum: 2 ** 36 };
    expect(wantOf(vmOf(), asked({ memory }))).toEqual({ memory });
    expect(wantOf(vmOf(), asked({ memory: { maximum: 2 ** 36 } }))).toEqual({ memory: { maximum: 2 ** 36 } });
  });

  it('never asks for an older configuration version', () => {
    expect(wantOf(vmOf({ version: '12.0' }), asked({ version: '9.0' }))).toBeNull();
    expect(wantOf(vmOf({ version: '9.0' }), asked({ version: '10.0' }))).toEqual({ version: '10.0' });
  });

  it('asks for spoofing on the adapter that was ticked, and no other', () => {
    const draft = { ...asked({}), spoofing: { [adapterOf(ids.lab)]: 'On' as const, other: 'On' as const } };
    expect(wantOf(vmOf(), draft)).toEqual({ adapters: { [adapterOf(ids.lab)]: { macSpoofing: 'On' } } });
  });

  it('keeps what was asked of the adapters of every one of many VMs', () => {
    const want = (id: string) => ({ adapters: { [id]: { macSpoofing: 'On' as const } } });
    const draft = draftOf([
      { vm: vmIn(thisPc, ids.lab), want: want(adapterOf(ids.lab)) },
      { vm: vmIn(thisPc, ids.box), want: want(adapterOf(ids.box)) },
    ]);
    expect(Object.keys(draft.spoofing)).toEqual([adapterOf(ids.lab), adapterOf(ids.box)]);
  });

  it('says that a VM starts only where it does not run', () => {
    expect(wantOf(vmOf({ state: 'Off' }), { ...asked({}), after: 'running' })).toEqual({ power: 'running' });
    expect(wantOf(vmOf(), { ...asked({}), after: 'running' })).toBeNull();
    expect(wantOf(vmOf({ state: 'Off' }), { ...asked({}), after: 'off' })).toBeNull();
  });

  it('leaves out the VMs of many that are so already', () => {
    const goal = goalOf(placed(vmOf(), vmOf({ id: ids.box, nesting: true })), asked({ nesting: true }));
    expect(goal).toEqual({
      kind: 'vms',
      wants: [{ vm: vmIn(thisPc, ids.lab), want: { nesting: true } }],
      consents: [],
    });
  });
});

describe('what is recommended', () => {
  const stop = checkOf({ fix: { kind: 'vm', want: { stopAction: 'ShutDown' } } });

  it('comes from a check, with the VMs that it is for', () => {
    expect(recommendationsOf([stop, { ...stop, vm: ids.box }])).toEqual([
      { field: 'stopAction', value: 'ShutDown', vms: [ids.lab, ids.box], required: false },
    ]);
  });

  it('is needed where the check blocks', () => {
    const version = checkOf({ verdict: 'blocker', fix: { kind: 'vm', want: { version: '12.0' } } });
    expect(recommendationsOf([version])[0]?.required).toBe(true);
  });

  it('is not made where the check is fine', () => {
    expect(recommendationsOf([{ ...stop, verdict: 'ok' }])).toEqual([]);
  });

  it('of many VMs ticks only what they cannot do without', () => {
    const fields = (required: boolean) => [
      { field: 'atLeast' as const, value: 2 ** 32, vms: [ids.lab], required: false },
      { field: 'version' as const, value: '12.0', vms: [ids.lab], required },
    ];
    const many = [vmOf(), vmOf({ id: ids.box })];
    expect(tickedBy(many, fields(true)).map(({ field }) => field)).toEqual(['version']);
    expect(tickedBy(many, fields(false))).toEqual([]);
    expect(tickedBy([vmOf()], fields(false))).toHaveLength(2);
  });

  it('gives memory to those that have less, and takes none from those that have more', () => {
    const memory = checkOf({ fix: { kind: 'vm', want: { memory: { startup: 4 * 2 ** 30 } } } });
    const draft = withRecommended(asked({}), recommendationsOf([memory]));
    const starting = (startup: number) => vmOf({ memory: { ...vmOf().memory, startup } });
    expect(wantOf(starting(2 ** 30), draft)).toEqual({ memory: { startup: 4 * 2 ** 30 } });
    expect(wantOf(starting(16 * 2 ** 30), draft)).toBeNull();
  });

  it('goes with its reason, so that nothing is changed that is not shown any more', () => {
    const recommended = recommendationsOf([stop]);
    expect(withoutRecommended(withRecommended(asked({}), recommended), recommended).stopAction).toBeUndefined();
    expect(withoutRecommended(asked({ stopAction: 'TurnOff' }), recommended).stopAction).toBe('TurnOff');
  });

  it('never overrules what was asked for', () => {
    const draft = withRecommended(asked({ stopAction: 'TurnOff' }), recommendationsOf([stop]));
    expect(draft.stopAction).toBe('TurnOff');
    expect(withRecommended(asked({}), recommendationsOf([stop])).stopAction).toBe('ShutDown');
  });
});

describe('what has to be chosen', () => {
  const wants = [{ vm: vmIn(thisPc, ids.lab), want: { nesting: true } }];

  it('is nothing for a VM that is off and ready: one click and one confirmation', () => {
    expect(isDecided(placed(vmOf({ state: 'Off' })), wants, [])).toBe(true);
  });

  it('is something for a VM that runs, or that a setting blocks', () => {
    expect(isDecided(placed(vmOf()), wants, [])).toBe(false);
    const blocks = checkOf({ verdict: 'blocker', fix: { kind: 'vm', want: { version: '12.0' } } });
    expect(isDecided(placed(vmOf({ state: 'Off' })), wants, [blocks])).toBe(false);
  });

  it('is nothing when only power was asked for', () => {
    expect(isDecided(placed(vmOf()), [{ vm: vmIn(thisPc, ids.lab), want: { power: 'off' } }], [])).toBe(true);
  });

  it('is nothing when only spoofing was asked for: it changes while a VM runs', () => {
    const want = { adapters: { [adapterOf(ids.lab)]: { macSpoofing: 'On' as const } } };
    expect(isDecided(placed(vmOf()), [{ vm: vmIn(thisPc, ids.lab), want }], [])).toBe(true);
  });

  it('is nothing when only memory was asked for that changes as the VM runs', () => {
    const asks = (memory: MemoryWant) => [{ vm: vmIn(thisPc, ids.lab), want: { memory } }];
    const startup = 2 ** 33;
    expect(isDecided(placed(vmOf()), asks({ startup }), [])).toBe(true);
    expect(isDecided(placed(vmOf({ inside: 'probably' })), asks({ startup }), [])).toBe(false);
    expect(isDecided(placed(vmOf()), asks({ dynamic: true }), [])).toBe(false);
    expect(inTheWay([vmOf()], asked({ memory: { startup } })).up).toEqual([]);
    expect(inTheWay([vmOf()], asked({ memory: { dynamic: true } })).up).toHaveLength(1);
  });

  it('shows power only where the change needs the VM off', () => {
    expect(inTheWay([vmOf()], asked({ nesting: true })).up).toHaveLength(1);
    expect(inTheWay([vmOf()], asked({ stopAction: 'ShutDown' })).up).toHaveLength(0);
  });
});

describe('what many have alike', () => {
  it('is nothing where one differs or could not be read', () => {
    const of = (...values: (boolean | undefined)[]) =>
      alike(
        values.map((value) => vmOf({ automaticCheckpoints: value })),
        ({ automaticCheckpoints }) => automaticCheckpoints,
      );
    expect(of(true, true)).toBe(true);
    expect(of(true, false)).toBeUndefined();
    expect(of(undefined, true)).toBeUndefined();
  });
});

describe('the newest configuration version', () => {
  const supporting = (...supportedVersions: string[]) => ({ ...machine, host: hostOf({ supportedVersions }) });
  const here = supporting('8.0', '9.0', '10.0', '12.0', '254.0', '255.0');
  const old = { ref: vmIn(thisPc, ids.lab), vm: vmOf({ version: '9.0' }), machine: here };

  it('is the highest that Windows upgrades to, never an experimental one', () => {
    expect(newestOf([old])).toEqual({ version: '12.0', count: 1 });
    expect(newestOf([{ ...old, vm: vmOf({ version: '12.0' }) }])).toEqual({ version: undefined, count: 0 });
  });

  it('is none of VMs whose hosts differ in it', () => {
    const there = { ...old, ref: vmIn(otherPc, ids.lab) };
    expect(newestOf([old, there])).toEqual({ version: '12.0', count: 2 });
    expect(newestOf([old, { ...there, machine: supporting('9.0', '11.0') }]).version).toBeUndefined();
  });
});

describe('VMs of two PCs that have one id', () => {
  const both = [thisPc, otherPc].map((pc) => ({ ref: vmIn(pc, ids.lab), vm: vmOf(), machine }));

  it('are asked for by their PC, each for what differs from what it has', () => {
    const [mine, theirs] = both;
    if (!mine || !theirs) throw new Error('no VMs');
    const draft = asked({ nesting: true });
    const wants = both.map(({ ref }) => ({ vm: ref, want: { nesting: true } }));
    expect(goalOf(both, draft)).toEqual({ kind: 'vms', wants, consents: [] });
    const other = { ...theirs, vm: vmOf({ nesting: true }) };
    expect(goalOf([mine, other], draft)).toMatchObject({ wants: [{ vm: mine.ref }] });
    const asks = [{ vm: theirs.ref, want: { memory: { startup: 2 ** 32 } } }];
    const runs = { ...mine, vm: vmOf({ inside: 'probably' }) };
    expect(isDecided([runs, theirs], asks, [])).toBe(true);
    expect(isDecided([mine, { ...theirs, vm: vmOf({ inside: 'probably' }) }], asks, [])).toBe(false);
  });
});
