/** The VMs of this PC, as they come into question for a purpose. */
import type { Message } from '../../text/index.js';
import { checksOfVm } from '../checks/all.js';
import { isForLinux, notHere, systemOf, type Purpose } from '../checks/purposes.js';
import { sizesOf } from '../checks/ready-inside.js';
import type { Machine, Vm } from '../machine/machine.js';
import { canTurnNestingOn, type Switchable } from '../machine/nesting.js';
import { ifRead } from '../machine/reading.js';
import { isRunningInside } from '../machine/vm-state.js';

export function cannot(because: Extract<Switchable, { can: 'no' }>['because'], vm: Vm): Message {
  switch (because) {
    case 'host':
      return { key: 'setup.fitHost' };
    case 'transitional':
      return { key: 'setup.fitMoving', params: { state: vm.state ?? 'Other' } };
    case 'unread':
      return vm.problem ? { key: 'setup.fitProblem', params: { problem: vm.problem } } : { key: 'setup.fitUnread' };
    case 'already':
      return { key: 'setup.fitOn' };
  }
}

export type Fit = 'ready' | 'on' | 'shut-down' | 'decision' | 'unknown' | 'no';
/** The order in which they are offered: what goes right away first. */
const fits: readonly Fit[] = ['ready', 'on', 'shut-down', 'decision', 'unknown', 'no'];

export interface Candidate {
  readonly vm: Vm;
  readonly fit: Fit;
  readonly because: Message;
  /** Its system is probably not the one that this is for. */
  readonly unlikely?: Message;
}

/** The VMs of this PC, the best first. The first one is recommended, where it can be had at all. */
export const candidatesOf = (machine: Machine, purpose: Purpose): readonly Candidate[] =>
  ifRead(machine.vms, [], (all) =>
    all.map((vm) => candidateOf(machine, purpose, vm)).toSorted((a, b) => rankOf(a) - rankOf(b)),
  );

/** What is probably the wrong system comes after all that can be judged. */
const rankOf = ({ fit, unlikely }: Candidate): number =>
  unlikely && fit !== 'no' ? fits.indexOf('unknown') - 0.5 : fits.indexOf(fit);

export function candidateOf(machine: Machine, purpose: Purpose, vm: Vm): Candidate {
  const not = notHere(purpose, vm);
  if (not) return { vm, fit: 'no', because: not };
  const system = systemOf(vm);
  const doubt: { unlikely?: Message } =
    system && system.isWindows === isForLinux(purpose)
      ? { unlikely: isForLinux(purpose) ? { key: 'setup.fitWindows' } : { key: 'setup.fitNotWindows' } }
      : {};
  const can = canTurnNestingOn(machine, vm);
  switch (can.can) {
    case 'now':
      return { vm, fit: 'ready', because: readyWhy(vm), ...doubt };
    case 'review':
      return { vm, ...reviewWhy(machine, can.because, vm), ...doubt };
    case 'no': {
      const fit = can.because === 'already' ? 'on' : can.because === 'host' ? 'no' : 'unknown';
      const isInside = isRunningInside(vm);
      return { vm, fit, because: isInside ? { key: 'setup.fitInside' } : cannot(can.because, vm), ...doubt };
    }
  }
}

function readyWhy(vm: Vm): Message {
  const { fix } = sizesOf(vm).find(({ id }) => id === 'startup-memory') ?? {};
  const memory = fix?.kind === 'vm' ? fix.want.memory?.startup : undefined;
  return memory === undefined ? { key: 'setup.fitReady' } : { key: 'setup.fitReadyMemory', params: { memory } };
}

function reviewWhy(
  machine: Machine,
  because: 'runs' | 'paused' | 'saved' | 'version',
  vm: Vm,
): { readonly fit: Fit; readonly because: Message } {
  switch (because) {
    case 'runs':
      return { fit: 'shut-down', because: { key: 'setup.fitRuns' } };
    case 'paused':
      return { fit: 'decision', because: { key: 'setup.fitPaused' } };
    case 'saved':
      return { fit: 'decision', because: { key: 'setup.fitSaved' } };
    case 'version': {
      if (vm.version === undefined) return { fit: 'unknown', because: { key: 'setup.fitUnread' } };
      const newest = checksOfVm(machine, vm).find(({ id }) => id === 'configuration-version')?.fix;
      return newest
        ? { fit: 'decision', because: { key: 'setup.fitVersion', params: { version: vm.version } } }
        : { fit: 'no', because: { key: 'setup.fitVersionNever', params: { version: vm.version } } };
    }
  }
}
