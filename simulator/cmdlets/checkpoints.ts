/** Checkpoints: taken of a VM with all its settings, and taken away by their id. */
import { sleep } from '../clock.js';
import { CmdletError } from '../errors.js';
import { branchDisks, mergeDisks } from '../files.js';
import { isoTime } from '../objects.js';
import { references } from '../parameters.js';
import { transitionSeconds } from '../guest.js';
import type { SimulatedMachine, SimulatedVm } from '../world.js';
import {
  changeVms,
  confirmed,
  forEachVm,
  problem,
  serving,
  targetOf,
  valuesOf,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';

export function takeCheckpoint(
  { machine, world, clock, changed }: Pick<Invocation, 'machine' | 'world' | 'clock' | 'changed'>,
  vm: SimulatedVm,
  automatic: boolean,
  name?: string,
) {
  const id = world.newId();
  vm.checkpoints.push({
    id,
    name: name ?? `${automatic ? 'Automatic Checkpoint - ' : ''}${vm.name} - (${isoTime(clock.now())})`,
    automatic,
    created: clock.now(),
    parent: vm.parentCheckpoint,
    settings: vm.settings,
    version: vm.version,
  });
  vm.parentCheckpoint = id;
  vm.settings = { ...vm.settings, disks: branchDisks(machine, vm, world.newId) };
  vm.lastConfigurationChange = clock.now();
  changed(vm);
  return id;
}

/** A checkpoint goes; its children now hang on its parent, and what was written since the last one is in the disk before. */
export function dropCheckpoint(machine: SimulatedMachine, vm: SimulatedVm, id: string): void {
  const gone = vm.checkpoints.find((one) => one.id === id);
  if (!gone) return;
  vm.checkpoints = vm.checkpoints
    .filter((one) => one !== gone)
    .map((one) => (one.parent === id ? { ...one, parent: gone.parent } : one));
  if (vm.parentCheckpoint !== id) return;
  vm.parentCheckpoint = gone.parent;
  vm.settings = { ...vm.settings, disks: mergeDisks(machine, vm) };
}

/** At rest, in whatever state: Windows keeps the memory of one that runs where the type says so. */
const atRest: readonly SimulatedVm['state'][] = ['Running', 'Off', 'Saved', 'FastSaved', 'Paused'];

const take: SimulatedCmdlet = async (invocation) => {
  const { parameters, clock } = invocation;
  const { SnapshotName: name } = parameters;
  await forEachVm(invocation, changeVms(invocation), async (one) => {
    if (one.settings.checkpointType === 'Disabled') throw new CmdletError('checkpoints-disabled', valuesOf(one));
    if (!atRest.includes(one.state)) throw new CmdletError('state-invalid', {}, targetOf(one));
    await sleep(clock, transitionSeconds.checkpoint);
    takeCheckpoint(invocation, one, false, typeof name === 'string' ? name : undefined);
  });
  return {};
};

/** What hangs on it stays: -IncludeAllChildSnapshots is not simulated. */
const remove: SimulatedCmdlet = async (invocation) => {
  const { machine, parameters, clock, allowed, changed } = invocation;
  if (!allowed) throw new CmdletError('access-denied-operation');
  for (const { id } of references(parameters['VMSnapshot'])) {
    await sleep(clock, transitionSeconds.checkpoint);
    const vm = [...machine.vms.values()].find(({ checkpoints }) => checkpoints.some((one) => one.id === id));
    // A kept object that is gone: vmms answers not found.
    if (!vm) {
      problem(invocation, 'vmms-stopped', { host: machine.name });
      continue;
    }
    dropCheckpoint(machine, vm, id);
    vm.lastConfigurationChange = clock.now();
    changed(vm);
  }
  return {};
};

export const checkpoints: Readonly<Record<string, ServedCmdlet>> = {
  'Checkpoint-VM': serving(take, 'VM Name SnapshotName', confirmed),
  'Remove-VMSnapshot': serving(remove, 'VMSnapshot', confirmed),
};
