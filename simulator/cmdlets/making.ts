/** VMs that are made and go. */
import { CmdletError } from '../errors.js';
import { fileAt, isAttached, troubleValues } from '../files.js';
import { vmRow } from '../objects.js';
import { vm } from '../scenarios/build.js';
import { strings } from '../parameters.js';
import { supportedVersions, type SimulatedVm } from '../world.js';
import {
  changeVms,
  confirmed,
  forEachVm,
  serving,
  targetOf,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';
import { switchNamed } from './switches.js';

const MiB = 2 ** 20;

/** It is not there where its disk cannot be had (own: which of the two comes first is not known). */
function checkDisk({ machine }: Invocation, path: string, { id, name }: SimulatedVm): void {
  const trouble = !fileAt(machine, path) ? 'no-file' : isAttached(machine, path) ? 'in-use' : undefined;
  const values = { vm: name, vmid: id.toUpperCase() };
  if (trouble) throw new CmdletError('disk-not-added', { ...values, ...troubleValues(trouble, path) });
}

/** With the disk and the switch that are named, and what boots from there. Two VMs may have one name. */
const make: SimulatedCmdlet = (invocation: Invocation) => {
  const { machine, world, parameters, clock, allowed, changed } = invocation;
  if (!allowed) throw new CmdletError('access-denied-operation');
  const { Name: name = 'New Virtual Machine', MemoryStartupBytes: startup = 1024 * MiB, Generation } = parameters;
  if (typeof startup !== 'number' || startup % (2 * MiB) !== 0 || startup < 32 * MiB)
    throw new CmdletError('memory-not-2mb');
  const versions = supportedVersions(machine.windows.build);
  const [version = versions.at(-1)] = strings(parameters['Version']);
  if (version !== undefined && !versions.includes(version))
    throw new CmdletError('not-simulated', { cmdlet: `Version ${version}` });
  const [disk] = strings(parameters['VHDPath']);
  const [switchName] = strings(parameters['SwitchName']);
  const made = vm(world.newId, {
    name: String(name),
    // The first generation is what New-VM makes unless it is told (documented).
    generation: Number(Generation ?? 1) === 2 ? 2 : 1,
    ...(version === undefined ? {} : { version }),
    switchId: switchName === undefined ? null : switchNamed(machine, switchName).id,
    settings: {
      startup,
      processors: 1,
      automaticCheckpoints: machine.windows.productType === 1,
      disks: disk === undefined ? [] : [disk],
    },
    guest: { kind: 'none', demand: { rest: 0, peak: 0 } },
  });
  if (disk !== undefined) checkDisk(invocation, disk, made);
  made.created = made.lastStateChange = made.lastConfigurationChange = clock.now();
  machine.vms.set(made.id, made);
  changed(made);
  return { type: 'VirtualMachine', rows: [vmRow(machine, made, clock)] };
};

const remove: SimulatedCmdlet = async (invocation) => {
  const { machine, parameters, changed } = invocation;
  await forEachVm(invocation, changeVms(invocation), (one) => {
    // ShouldContinue: without -Force it asks, and nobody is there to answer (facts: remove-vm-prompt).
    if (parameters['Force'] !== true) throw new CmdletError('prompt-noninteractive');
    if (!['Off', 'Saved', 'OffCritical', 'SavedCritical'].includes(one.state))
      throw new CmdletError('state-invalid', {}, targetOf(one));
    machine.vms.delete(one.id);
    changed(one);
  });
  return {};
};

export const making: Readonly<Record<string, ServedCmdlet>> = {
  'New-VM': serving(make, 'Name MemoryStartupBytes Version VHDPath SwitchName', {
    Generation: [1, 2],
    NoVHD: [true],
    ...confirmed,
  }),
  'Remove-VM': serving(remove, 'VM Name Force', confirmed),
};
