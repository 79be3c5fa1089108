/** Machines nest: finding and replacing what is at a reference. */
import { vmIn, idOf, hostOf, isVmRef, idsTo, rootOf, type VmRef, type MachineRef } from '../cmdlets/ref.js';
import type { Machine, Vm } from './machine.js';
import { insideAsRead } from './running-inside.js';
import { byId, ifRead } from './reading.js';

/** undefined: there is none, nobody has looked inside, or it is of another PC: VMs of two may have one id. */
export function machineAt(root: Machine | null, at: MachineRef): Machine | undefined {
  if (root && rootOf(root.at) !== rootOf(at)) return undefined;
  let machine: Machine | undefined = root ?? undefined;
  for (const id of idsTo(at)) machine = ifRead(machine?.vms, undefined, (all) => all.find((vm) => vm.id === id)?.guest);
  return machine;
}

/** Seen from the machine that it is in. */
export const vmAt = (root: Machine | null, ref: VmRef): Vm | undefined =>
  byId(machineAt(root, hostOf(ref))?.vms, idOf(ref));

/** The tree with another machine at that place; null: nobody has looked inside any more. As it was where no such VM is. */
export function withMachine(root: Machine, at: MachineRef, machine: Machine | null): Machine {
  if (!isVmRef(at)) return machine ?? root;
  const [outer, id] = [hostOf(at), idOf(at)];
  const around = machineAt(root, outer);
  if (around?.vms === undefined) return root;
  const vms = around.vms.map((vm) => (vm.id === id ? withGuest(vm, machine) : vm));
  return withMachine(root, outer, { ...around, vms });
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

/** All VMs of the tree. */
export function allVms(
  machine: Machine,
  at: MachineRef = machine.at,
): readonly { readonly ref: VmRef; readonly vm: Vm }[] {
  return ifRead(machine.vms, [], (all) =>
    all.flatMap((vm) => {
      const ref = vmIn(at, vm.id);
      return [{ ref, vm }, ...(vm.guest ? allVms(vm.guest, ref) : [])];
    }),
  );
}
