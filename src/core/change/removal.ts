/** What runs have made goes by itself where there is no VM left to change: the VM was made too, or somebody has deleted it. */
import { hostOf, idOf, vmIn, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import type { Check } from '../checks/check.js';
import type { Consent, PlannedGoal, Thing } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import { ifRead } from '../machine/reading.js';
import { machineAt, vmAt } from '../machine/tree.js';
import { powerOf } from '../machine/vm-state.js';
import { isCheckpoint, removalOrder, sameAs } from '../network/things.js';
import { numbered, powerPart } from './chain.js';
import { elevationBlockers } from './elevation.js';
import { isOfVm } from './new-vm.js';
import type { Chain, Part } from './step.js';
import { removingParts } from './thing-parts.js';

/** It is there or not whatever becomes of the VM of its chain: it is neither inside that nor a part of it. */
export const outlives = (thing: Pick<Thing, 'what' | 'at'>, vm: VmRef): boolean =>
  thing.at !== vm && !isCheckpoint(thing);

/** What of a wish goes so. A VM that is not in a list that was read is gone. */
export function removedAlone(machine: Machine, { vm, want: { remove = [] } }: PlannedGoal): readonly Thing[] {
  const isGone = ifRead(machineAt(machine, hostOf(vm))?.vms, false, (all) => !all.some(({ id }) => id === idOf(vm)));
  return remove.filter((thing) => isOfVm(thing) || (isGone && outlives(thing, vm)));
}

interface Numbering {
  readonly plan: string;
  readonly first: number;
}
interface Removal {
  readonly chain: Chain;
  readonly consents: readonly Consent[];
  /** What is in its way. */
  readonly by: readonly Check[];
}

/** `name`: what the VM was called. */
export function removalOf(
  machine: Machine,
  vm: VmRef,
  name: string,
  things: readonly Thing[],
  numbering: Numbering,
): Removal {
  const chain = removalChain(machine, vm, name, things, numbering);
  const around = machineAt(machine, hostOf(vm)) ?? machine;
  return {
    chain,
    consents: things.some(isOfVm) && mayHaveRun(machine, things) ? ['remove-vm'] : [],
    by: elevationBlockers(around, chain),
  };
}

/** Takes away exactly what a run has made: the VM, then its disk. Empty: none of it is there as it was made. */
export function removalChain(
  machine: Machine,
  vm: VmRef,
  name: string,
  things: readonly Thing[],
  { plan, first }: Numbering,
  isThere = (thing: Thing, home: Machine): boolean => sameAs(home, thing),
): Chain {
  const home = machineAt(machine, hostOf(vm)) ?? machine;
  const there = things.filter((thing) => isThere(thing, home));
  const removed = removalOrder.flatMap((what) => there.filter((thing) => thing.what === what));
  // A run that was cut short knows its VM by what it has made alone.
  const made = removed.find(({ what }) => what === 'vm');
  const own = vmAt(machine, made ? vmIn(machine.at, made.id) : vm);
  const off = made && own ? offParts(own, machine.at) : [];
  const parts = removed.flatMap((thing) =>
    removingParts(home, vm, thing, isOfVm(thing) ? 'one-way' : 'setting').map((part) => ({ ...part, removes: thing })),
  );
  const [steps = []] = numbered([[...off, ...parts]], vm, { plan, first });
  return { vm, name: own?.name ?? name, steps, power: null, basis: [], nested: [] };
}

/** All of it goes, so nobody inside is asked. */
function offParts(vm: Vm, at: MachineRef): readonly Part[] {
  const power = powerOf(vm);
  if (power === 'off' || power === 'saved') return [];
  return [powerPart(at, vm, 'Stop-VM/TurnOff', 'plan.turnOff', { from: power ?? null, to: 'off' })];
}

/** Whether a VM that was made may have run since, or have other disks by now: unless everything says that it has not, it has. */
function mayHaveRun(machine: Machine, things: readonly Thing[]): boolean {
  const made = things.find((thing) => thing.what === 'vm');
  const vm = made && vmAt(machine, vmIn(machine.at, made.id));
  // What is written while there are checkpoints goes to other files.
  if (vm && (powerOf(vm) !== 'off' || ifRead(vm.checkpoints, true, (all) => all.length > 0))) return true;
  const disks = things.flatMap((thing) => (thing.what === 'disk' ? [thing] : []));
  // Without the disk that it was made with nobody knows what it ran from.
  if (disks.length === 0) return true;
  return disks.some(({ id, fileSize }) => {
    const now = ifRead(machine.disks, undefined, (all) => all.find((one) => one.id === id));
    return now === undefined || fileSize === null || now.fileSize !== fileSize;
  });
}
