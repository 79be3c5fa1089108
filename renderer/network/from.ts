/** From which nested VM a network is tested: one that can be entered, then one that may be; else the machine stands for it. */
import type { Guid } from '../../src/core/cmdlets/call.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { systemOf } from '../../src/core/checks/purposes.js';
import { plainState } from '../../src/core/machine/vm-state.js';
import { ifRead } from '../../src/core/machine/reading.js';

export const runningIn = (guest: Machine | undefined): readonly Vm[] =>
  ifRead(guest?.vms, [], (all) => all.filter(({ state }) => state !== undefined && plainState(state) === 'Running'));

/** `among`: those that a change was for; absent: any. */
export function tryFrom(guest: Machine | undefined, among?: readonly Guid[]): Vm | undefined {
  const running = runningIn(guest).filter(({ id }) => among?.includes(id) ?? true);
  return running.find((vm) => vm.guest) ?? running.find((vm) => systemOf(vm)?.isWindows !== false);
}
