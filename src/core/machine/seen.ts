/** What a chain sees of its VM: the VM as it was just read, and the machine that it is in. */
import { hostOf, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import type { Machine, Vm } from './machine.js';
import { withVms } from './tick.js';
import { machineAt } from './tree.js';

/** A VM as it was just read, and the machine that it is in, with that VM in it. */
export interface Seen {
  readonly ref: VmRef;
  readonly vm: Vm;
  /** undefined: not known. */
  readonly around: Machine | undefined;
}
export function seenIn(root: Machine | null, ref: VmRef, vm: Vm): Seen {
  const around = machineAt(root, hostOf(ref));
  return { ref, vm, around: around && withVms(around, [vm], []) };
}

/** The machine of its chain that is meant: the VM from inside, or the one around it. undefined: nobody has looked there. */
export const homeIn = ({ ref, vm, around }: Seen, at: MachineRef): Machine | undefined =>
  at === ref ? vm.guest : at === hostOf(ref) ? around : undefined;
