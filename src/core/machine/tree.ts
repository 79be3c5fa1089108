/** Machines nest: finding and replacing what is at a path. */
import type { Guid, MachineRef } from '../cmdlets/call.js';
import type { Machine, Vm } from './machine.js';
import { insideAsRead } from './running-inside.js';
import { byId, ifRead } from './reading.js';

declare const isKey: unique symbol;
/**
 * A path as text, to be a key. An id alone is none, though it reads the same for a VM of this PC: what a guest reports is valid
 * below its own path only, and one of its VMs may claim any id.
 */
export type PathKey = string & { readonly [isKey]: true };
export const keyOf = (at: MachineRef): PathKey => at.join('/') as PathKey;
export const keyOfVm = ({ at = [], vm }: { readonly at?: MachineRef; readonly vm: Guid }): PathKey =>
  keyOf([...at, vm]);
/** The VM of this PC that it is, or is in. */
export const outermostOf = (key: PathKey): Guid => key.split('/')[0] ?? key;

/** It is that VM, or is in it. Both are keys of paths. */
export const isWithin = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}/`);

/** undefined: there is none, or nobody has looked inside. */
export function machineAt(root: Machine | null, at: MachineRef): Machine | undefined {
  let machine: Machine | undefined = root ?? undefined;
  for (const id of at) machine = ifRead(machine?.vms, undefined, (all) => all.find((vm) => vm.id === id)?.guest);
  return machine;
}

/** The VM that the path leads to: the last of it, seen from the machine that it is in. */
export function vmAt(root: Machine | null, at: MachineRef): Vm | undefined {
  const id = at.at(-1);
  return id === undefined ? undefined : byId(machineAt(root, at.slice(0, -1))?.vms, id);
}

/** The tree with another machine at that path; null: nobody has looked inside any more. As it was where no such VM is. */
export function withMachine(root: Machine, at: MachineRef, machine: Machine | null): Machine {
  const [first, ...rest] = at;
  if (first === undefined) return machine ?? root;
  const vms = ifRead(root.vms, undefined, (all) =>
    all.map((vm) => {
      if (vm.id !== first) return vm;
      if (rest.length > 0) return vm.guest ? withGuest(vm, withMachine(vm.guest, rest, machine)) : vm;
      return withGuest(vm, machine);
    }),
  );
  return { ...root, vms };
}

/** A VM with what is inside it: its nested VMs and whether its hypervisor runs are known from there. */
export function withGuest(vm: Vm, guest: Machine | null): Vm {
  const { guest: _guest, ...rest } = vm;
  if (!guest) return { ...rest, nested: null };
  const nats = guest.network?.nats;
  return {
    ...rest,
    ...(nats === undefined ? {} : { nats: nats === 'missing' ? [] : nats }),
    guest,
    ...insideAsRead(vm, guest.host.hypervisorProcessors),
    nested: ifRead(guest.vms, null, (all) => all.map(({ name, state }) => ({ name, state: state ?? 'Other' }))),
  };
}

/** Ids of all VMs of the tree, with the machine that each is in. */
export function allVms(root: Machine): readonly { readonly at: MachineRef; readonly vm: Vm }[] {
  const below = (machine: Machine, at: readonly Guid[]): { at: MachineRef; vm: Vm }[] =>
    ifRead(machine.vms, [], (all) =>
      all.flatMap((vm) => [{ at, vm }, ...(vm.guest ? below(vm.guest, [...at, vm.id]) : [])]),
    );
  return below(root, []);
}
