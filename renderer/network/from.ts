/** From which nested VM a network is tested: one that can be entered, then one that may be; else the machine stands for it. */
import { vmIn, outermostOf, type VmRef } from '../../src/core/cmdlets/ref.js';
import type { Guid } from '../../src/core/cmdlets/call.js';
import type { StepId } from '../../src/core/change/setup.js';
import type { Route } from '../state/route.svelte.js';
import type { VmGoal } from '../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { systemOf } from '../../src/core/checks/purposes.js';
import { powerOf } from '../../src/core/machine/vm-state.js';
import { ifRead } from '../../src/core/machine/reading.js';

export const runningIn = (guest: Machine | undefined): readonly Vm[] =>
  ifRead(guest?.vms, [], (all) => all.filter((vm) => powerOf(vm) === 'running'));

/** `among`: those that a change was for; absent: any. */
export function tryFrom(guest: Machine | undefined, among?: readonly Guid[]): Vm | undefined {
  const running = runningIn(guest).filter(({ id }) => among?.includes(id) ?? true);
  return running.find((vm) => vm.guest) ?? running.find((vm) => systemOf(vm)?.isWindows !== false);
}

/** Where a test of the network in that machine leads back to. */
export const backOf = ({ at, setup }: { readonly at: VmRef; readonly setup?: StepId | undefined }): Route =>
  setup ? { page: 'setup', after: setup } : { page: 'machines', vm: outermostOf(at) };

/** The test of the network that was wished for: of the first of its VMs. `guest`: of the machine that it is in. */
export const testOf = ({ vm, want }: VmGoal, guest: Machine | undefined) => testFrom(vm, guest, want.network?.nested);

export function testFrom(at: VmRef, guest: Machine | undefined, among?: readonly { readonly vm: Guid }[]) {
  const from = tryFrom(
    guest,
    among?.map(({ vm }) => vm),
  );
  return { page: 'proof', at, vm: from ? vmIn(at, from.id) : null } as const;
}
