/** Who holds the memory of this PC: what a VM may get is what the others leave. Pure. */
import type { Machine, Vm } from '../../src/core/machine/machine.js';

export interface HostMemory {
  /** bytes */
  readonly total: number;
  readonly free: number;
  readonly own: number;
  /** Held by other VMs; undefined: of one of them it could not be read. */
  readonly others: number | undefined;
  readonly otherVms: number;
  /** Windows itself and its programs; with `others` where that is not known. */
  readonly rest: number;
}

/** undefined: this PC could not be read. */
export function hostMemoryOf({ host, vms }: Machine, { id }: Vm): HostMemory | undefined {
  const total = host.computer?.memory;
  const free = host.freeMemory;
  if (total === undefined || free === undefined || vms === undefined) return undefined;
  const own = vms.find((vm) => vm.id === id)?.memory.assigned ?? 0;
  const holding = vms.filter((vm) => vm.id !== id && vm.memory.assigned !== 0);
  const amounts = holding.map((vm) => vm.memory.assigned);
  const others = amounts.every((one) => one !== undefined) ? amounts.reduce((sum, one) => sum + one, 0) : undefined;
  // Not read at one moment: what they add up to is never more than there is.
  const rest = Math.max(0, total - free - own - (others ?? 0));
  return { total, free, own, others, otherVms: holding.length, rest };
}

/** bytes it could start with now: what is free, and what it holds itself until it is off. */
export const roomFor = ({ free, own }: HostMemory): number => free + own;
