import { thisPc } from '../../../src/core/cmdlets/ref.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, diff, isEmpty } from '../../../src/core/machine/patch.js';
import type { Machine, Vm } from '../../../src/core/machine/machine.js';
import { guid, hostOf, machineOf, vmOf } from './worlds.js';

const arbitraryVm = fc
  .record({
    n: fc.integer({ min: 1, max: 12 }),
    name: fc.string({ maxLength: 6 }),
    state: fc.constantFrom<Vm['state']>('Off', 'Running', 'Saved', undefined),
    nesting: fc.constantFrom(true, false, undefined),
    uptime: fc.nat(100),
    checkpoints: fc.constantFrom<Vm['checkpoints']>([], undefined),
    readAt: fc.constantFrom('2026-11-24T08:00:00.000Z', '2026-11-24T08:00:02.000Z'),
  })
  .map(({ n, ...but }) => vmOf(n, but));
const arbitraryMachine: fc.Arbitrary<Machine> = fc.record({
  at: fc.constant(thisPc),
  host: fc
    .record({
      vbsStatus: fc.constantFrom(0, 2, undefined),
      freeMemory: fc.option(fc.nat(3), { nil: undefined }),
      readAt: fc.constantFrom('2026-11-24T08:00:00.000Z', '2026-11-24T08:00:02.000Z'),
    })
    .map(hostOf),
  vms: fc.option(fc.uniqueArray(arbitraryVm, { selector: ({ id }) => id, maxLength: 8 }), { nil: undefined }),
});

/** What grows with time alone goes with the next real change. */
const lasting = ({ host, vms }: Machine) => ({
  host,
  vms: vms?.map((vm) => ({ ...vm, readAt: '', uptime: 0 })),
});

describe('the window has what main has', () => {
  it('after any change, by the patch alone', () => {
    fc.assert(
      fc.property(arbitraryMachine, arbitraryMachine, (before, after) => {
        expect(lasting(applyPatch(before, diff(before, after)))).toEqual(lasting(after));
      }),
    );
  });

  it('also when the patch has travelled as JSON', () => {
    fc.assert(
      fc.property(arbitraryMachine, arbitraryMachine, (before, after) => {
        const patch = JSON.parse(JSON.stringify(diff(before, after))) as ReturnType<typeof diff>;
        expect(JSON.stringify(lasting(applyPatch(before, patch)))).toBe(JSON.stringify(lasting(after)));
      }),
    );
  });

  it('and nothing is sent when nothing changed but the time', () => {
    const before = machineOf({}, [vmOf(1, { uptime: 60 })]);
    const after = machineOf({ readAt: '2026-11-24T08:00:02.000Z' }, [
      vmOf(1, { uptime: 62, readAt: '2026-11-24T08:00:02.000Z' }),
    ]);
    expect(isEmpty(diff(before, after))).toBe(true);
    expect(applyPatch(before, diff(before, after)).host.readAt).toBe('2026-11-24T08:00:02.000Z');
  });

  it('and what could not be read is new only where it is another failure than before', () => {
    const unread = (message: string, objects = 1): Vm['unread'] => [
      {
        kind: 'unexpected',
        objects,
        record: { id: '', category: '', target: null, exception: '', hresult: null, message },
      },
    ];
    const before = machineOf({}, [vmOf(1, { unread: unread('no') }), vmOf(2, { unread: unread('no') })]);
    const after = machineOf({}, [vmOf(1, { unread: unread('no') }), vmOf(2, { unread: unread('never') })]);
    expect(diff(before, after).changed?.map(({ id }) => id)).toEqual([guid(2)]);
  });

  it('and of a VM that was looked into, ages at no depth are', () => {
    const inside = (freeMemory: number, name: string): Machine =>
      machineOf({}, [
        vmOf(1, {
          state: 'Running',
          guest: machineOf({ freeMemory, readAt: String(freeMemory) }, [vmOf(2, { name, uptime: freeMemory })]),
        }),
      ]);
    expect(isEmpty(diff(inside(1, 'inner'), inside(2, 'inner')))).toBe(true);
    expect(diff(inside(1, 'inner'), inside(1, 'other')).changed).toHaveLength(1);
  });

  it('and of a PC of which only the free memory differs, no more than that', () => {
    const before = machineOf({ freeMemory: 2 ** 33 });
    const patch = diff(before, machineOf({ freeMemory: 2 ** 34 }));
    expect(patch).toEqual({ freeMemory: 2 ** 34, readAt: before.host.readAt });
  });

  it('keeps the objects of VMs that did not change, so that only one row is drawn again', () => {
    const before = machineOf({}, [vmOf(1), vmOf(2)]);
    const after = machineOf({}, [vmOf(1), vmOf(2, { state: 'Running' })]);
    expect(applyPatch(before, diff(before, after)).vms?.[0]).toBe(before.vms?.[0]);
  });
});

describe('what crosses to the window is small', () => {
  const lab = Array.from({ length: 500 }, (_, index) => vmOf(index + 1));
  const before = machineOf({}, lab);

  it('one VM of 500 that changed is at most a fiftieth of all', () => {
    const after = machineOf(
      {},
      lab.map((vm) => (vm.id === guid(250) ? { ...vm, state: 'Running' as const } : vm)),
    );
    const patch = diff(before, after);
    expect(patch.changed?.map(({ id }) => id)).toEqual([guid(250)]);
    expect(JSON.stringify(patch).length / JSON.stringify(before).length).toBeLessThanOrEqual(0.02);
  });

  it('says which are gone, and when the list can no longer be read', () => {
    expect(diff(before, machineOf({}, lab.slice(1))).removed).toEqual([guid(1)]);
    expect(diff(before, { ...before, vms: undefined }).list).toBe('unreadable');
    expect(applyPatch(before, diff(before, { ...before, vms: undefined })).vms).toBeUndefined();
  });
});
