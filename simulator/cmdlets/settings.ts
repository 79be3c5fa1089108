/** Set-VM… : what may be set in which state (facts: nestedVirtualization, errors set-*). */
import { CmdletError } from '../errors.js';
import { assignedMemory, freeMemory, holdsMemory, runsHypervisor } from '../guest.js';
import { versionNumber, type AdapterSettings, type SimulatedVm, type VmSettings } from '../world.js';
import {
  changeAdapters,
  changeVms,
  confirmed,
  forEachVm,
  serving,
  targetOf,
  type Adapters,
  type Invocation,
  type ServedCmdlet,
  type SimulatedCmdlet,
} from './cmdlet.js';

const MiB = 2 ** 20;
/** Most of one VM. */
const most = 12 * 2 ** 40;

export function applySettings(
  invocation: Pick<Invocation, 'clock' | 'changed'>,
  vm: SimulatedVm,
  wanted: Partial<VmSettings>,
) {
  const different = (Object.keys(wanted) as (keyof VmSettings)[]).some((key) => wanted[key] !== vm.settings[key]);
  if (!different) return;
  vm.settings = { ...vm.settings, ...wanted };
  vm.lastConfigurationChange = invocation.clock.now();
  invocation.changed(vm);
}

/** Of these adapters of the VM; the others stay as they are. */
export function applyToAdapters(
  invocation: Pick<Invocation, 'clock' | 'changed'>,
  { vm, is }: Adapters,
  wanted: Partial<AdapterSettings>,
) {
  const different = (one: AdapterSettings) =>
    is(one) && (Object.keys(wanted) as (keyof AdapterSettings)[]).some((key) => wanted[key] !== one[key]);
  const { adapters } = vm.settings;
  if (adapters.some(different))
    applySettings(invocation, vm, { adapters: adapters.map((one) => (is(one) ? { ...one, ...wanted } : one)) });
}

const setProcessor: SimulatedCmdlet = async (invocation) => {
  const { parameters } = invocation;
  await forEachVm(invocation, changeVms(invocation), (vm) => {
    const nesting = parameters['ExposeVirtualizationExtensions'];
    const count = parameters['Count'];
    if (nesting === undefined && count === undefined) return;
    // Only when Off; the CPU is not checked here: the VM fails at start (nestdoc).
    if (vm.state !== 'Off') throw new CmdletError('set-processor-running');
    applySettings(invocation, vm, {
      ...(typeof nesting === 'boolean' ? { nesting } : {}),
      ...(typeof count === 'number' ? { processors: count } : {}),
    });
  });
  return {};
};

const number = (value: unknown) => (typeof value === 'number' ? value : undefined);

const setMemory: SimulatedCmdlet = async (invocation) => {
  const { parameters, clock, machine, world } = invocation;
  const startup = number(parameters['StartupBytes']);
  const minimum = number(parameters['MinimumBytes']);
  const maximum = number(parameters['MaximumBytes']);
  const dynamic = parameters['DynamicMemoryEnabled'];
  await forEachVm(invocation, changeVms(invocation), (vm) => {
    const now = vm.settings;
    const dynamicMemory = typeof dynamic === 'boolean' ? dynamic : now.dynamicMemory;
    if (!dynamicMemory && (minimum !== undefined || maximum !== undefined))
      throw new CmdletError('set-memory-mismatch');
    if (vm.state !== 'Off') {
      if (vm.state !== 'Running') throw new CmdletError('set-memory-invalid-state');
      // Documented: while Hyper-V runs inside, memory cannot be changed.
      if (runsHypervisor(vm, clock)) throw new CmdletError('set-memory-nested-running');
      if (dynamicMemory !== now.dynamicMemory) throw new CmdletError('set-memory-invalid-state');
      // A running static VM can be resized from version 6.2 on; of a dynamic one only the limits can be widened.
      const resizable = dynamicMemory ? startup === undefined : versionNumber(vm.version) >= 6002;
      const narrows = (maximum ?? now.maximum) < now.maximum || (minimum ?? now.minimum) > now.minimum;
      if (!resizable || narrows) throw new CmdletError('set-memory-invalid-state');
    }
    const wanted = {
      startup: startup ?? now.startup,
      minimum: minimum ?? now.minimum,
      maximum: maximum ?? now.maximum,
    };
    const sizes = Object.values(wanted);
    const ordered = !dynamicMemory || (wanted.minimum <= wanted.startup && wanted.startup <= wanted.maximum);
    if (sizes.some((size) => size % (2 * MiB) !== 0 || size < 32 * MiB || size > most) || !ordered)
      throw new CmdletError('memory-not-2mb');
    if (holdsMemory(vm) && !dynamicMemory) {
      if (wanted.startup - assignedMemory(vm, clock) > freeMemory(machine, clock))
        throw new CmdletError('set-memory-no-memory');
      vm.resized = wanted.startup;
    }
    const follows = !dynamicMemory && world.folklore.fixedLimits === 'follow';
    const limits = follows ? { minimum: wanted.startup, maximum: wanted.startup } : {};
    applySettings(invocation, vm, { ...wanted, ...limits, dynamicMemory });
  });
  return {};
};

const isStopAction = (value: unknown): value is VmSettings['stopAction'] =>
  value === 'TurnOff' || value === 'Save' || value === 'ShutDown';

const setVm: SimulatedCmdlet = async (invocation) => {
  const { parameters, world } = invocation;
  const stopAction = parameters['AutomaticStopAction'];
  const automatic = parameters['AutomaticCheckpointsEnabled'];
  await forEachVm(invocation, changeVms(invocation), (vm) => {
    const wanted: Partial<VmSettings> = {
      ...(isStopAction(stopAction) ? { stopAction } : {}),
      ...(typeof automatic === 'boolean' ? { automaticCheckpoints: automatic } : {}),
    };
    if (
      world.folklore.stopActionNeedsOff &&
      wanted.stopAction &&
      wanted.stopAction !== vm.settings.stopAction &&
      vm.state !== 'Off'
    )
      throw new CmdletError('state-invalid', {}, targetOf(vm));
    applySettings(invocation, vm, wanted);
  });
  return {};
};

/** Works while the VM runs (documented). */
const setAdapter: SimulatedCmdlet = (invocation) => {
  const spoofing = invocation.parameters['MacAddressSpoofing'];
  const found = changeAdapters(invocation);
  if (spoofing === 'On' || spoofing === 'Off')
    for (const one of found) applyToAdapters(invocation, one, { macSpoofing: spoofing });
  return {};
};

export const settings: Readonly<Record<string, ServedCmdlet>> = {
  'Set-VMProcessor': serving(setProcessor, 'VM VMName VMProcessor Count ExposeVirtualizationExtensions', confirmed),
  'Set-VMMemory': serving(
    setMemory,
    'VM VMName VMMemory DynamicMemoryEnabled StartupBytes MinimumBytes MaximumBytes',
    confirmed,
  ),
  'Set-VM': serving(setVm, 'VM Name AutomaticStopAction AutomaticCheckpointsEnabled', confirmed),
  'Set-VMNetworkAdapter': serving(setAdapter, 'VM VMName VMNetworkAdapter Name MacAddressSpoofing', confirmed),
};
