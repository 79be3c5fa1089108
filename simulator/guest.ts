/** What a guest does by itself as time passes: boots, uses memory, runs a hypervisor, obeys or does not. */
import { sleep, type Clock } from './clock.js';
import { startWindows, wantsHypervisor } from './roles.js';
import type { SimulatedMachine, SimulatedVm, VmState } from './world.js';

const MiB = 2 ** 20;

/** Seconds of each transition that Hyper-V itself makes. */
export const transitionSeconds = { start: 1, turnOff: 1, save: 2, pause: 0.2, resume: 0.5, checkpoint: 1 } as const;

export const isOn = (vm: SimulatedVm) => vm.state === 'Running' || vm.state === 'Stopping';
/** Memory is held and the guest exists, moving or not. */
export const holdsMemory = (vm: SimulatedVm) =>
  isOn(vm) ||
  vm.state === 'Paused' ||
  ['Starting', 'Saving', 'Pausing', 'Resuming', 'RunningCritical', 'PausedCritical'].includes(vm.state);

export function hasBooted(vm: SimulatedVm, clock: Clock): boolean {
  return isOn(vm) && vm.bootedAt !== null && clock.now() >= vm.bootedAt;
}

/** A guest that wants a hypervisor gets one when it sees the extensions; a guest that is no machine of ours may run KVM. */
export function runsHypervisor(vm: SimulatedVm, clock: Clock): boolean {
  if (vm.state === 'Paused' || vm.state === 'Pausing' || vm.state === 'Saving') return vm.hypervisorInside;
  const { machine, startsHypervisor } = vm.guest;
  const startsIt = vm.hypervisorByHand?.on ?? (machine ? wantsHypervisor(machine) : startsHypervisor);
  return hasBooted(vm, clock) && vm.settings.nesting && startsIt;
}

/** Seconds of running, saved and paused time left out. */
export function uptime(vm: SimulatedVm, clock: Clock): number {
  const since = vm.startedAt === null ? 0 : clock.now() - vm.startedAt;
  return Math.max(0, vm.ranBefore + since) / 1000;
}

/** What the guest would like to have, with the buffer of 20 % that Hyper-V adds: a wave of two minutes. */
function wantedMemory(vm: SimulatedVm, clock: Clock): number {
  const { rest, peak } = vm.guest.demand;
  const wave = (1 - Math.cos((uptime(vm, clock) / 120) * 2 * Math.PI)) / 2;
  return rest + (peak - rest) * wave;
}

/** Measured inside the guest, of static VMs too (facts: MemoryDemand beside an empty MemoryStatus), whatever is assigned. */
export function memoryDemand(vm: SimulatedVm, clock: Clock): number {
  return hasBooted(vm, clock) ? Math.round(wantedMemory(vm, clock) / 1.2 / MiB) * MiB : 0;
}

/**
 * Documented (nestdoc): while a hypervisor runs inside, memory does not fluctuate. Otherwise the assigned memory of a dynamic VM
 * follows its demand between minimum and maximum.
 */
export function assignedMemory(vm: SimulatedVm, clock: Clock): number {
  if (!holdsMemory(vm)) return 0;
  const { dynamicMemory, startup, minimum, maximum } = vm.settings;
  if (!dynamicMemory) return vm.resized ?? startup;
  if (!hasBooted(vm, clock) || runsHypervisor(vm, clock)) return startup;
  return Math.round(Math.min(maximum, Math.max(minimum, wantedMemory(vm, clock))) / (2 * MiB)) * 2 * MiB;
}

/** Grows only while a hypervisor runs inside: entries into nested VMs (domain §3). */
export function nestedEntries(vm: SimulatedVm, clock: Clock): number {
  if (!runsHypervisor(vm, clock) || vm.bootedAt === null || !isOn(vm)) return vm.nestedEntries;
  return vm.nestedEntries + Math.round((clock.now() - Math.max(vm.bootedAt, vm.hypervisorByHand?.at ?? 0)) * 4);
}

/** Somebody inside starts or ends it: KVM is loaded, a service is stopped. What has been counted stays. */
export function putHypervisor(vm: SimulatedVm, on: boolean, clock: Clock): void {
  vm.nestedEntries = nestedEntries(vm, clock);
  vm.hypervisorByHand = { on, at: clock.now() };
}

export function freeMemory(machine: SimulatedMachine, clock: Clock): number {
  let used = Math.min(4 * 2 ** 30, machine.computer.memory / 4);
  for (const vm of machine.vms.values()) used += assignedMemory(vm, clock);
  return Math.max(0, machine.computer.memory - used);
}

/** The installation is over: the system stays on the disk. */
export function settleInstallation(vm: SimulatedVm, clock: Clock): void {
  const { installs, kind, machine } = vm.guest;
  if (installs && hasBooted(vm, clock)) installs.system = { kind, machine };
}

/** Writes down a state; all consequences of being in it are here, so that no cmdlet forgets one. */
export function enterState(vm: SimulatedVm, state: VmState, clock: Clock): void {
  const now = clock.now();
  const inside = runsHypervisor(vm, clock);
  const ran = uptime(vm, clock) * 1000;
  const entries = nestedEntries(vm, clock);
  settleInstallation(vm, clock);
  vm.state = state;
  vm.lastStateChange = now;
  wakeWatchers(vm);
  if (state === 'Running') {
    const { machine } = vm.guest;
    if (vm.bootedAt === null && machine) startWindows(machine, vm.settings.nesting && machine.processor.extensions);
    vm.startedAt ??= now;
    vm.bootedAt ??= now + vm.guest.bootSeconds * 1000;
    vm.hypervisorInside = false;
    return;
  }
  if (state === 'Stopping') return;
  // No longer counting: what has been counted stays with it as long as there is something to come back to.
  const comesBack = ['Paused', 'Pausing', 'Saved', 'Saving', 'Resuming', 'Starting'].includes(state);
  vm.hypervisorInside = comesBack && (inside || vm.hypervisorInside);
  vm.ranBefore = comesBack ? ran : 0;
  vm.nestedEntries = comesBack ? entries : 0;
  if (!comesBack) vm.hypervisorByHand = null;
  vm.startedAt = null;
  vm.bootedAt = comesBack ? vm.bootedAt : null;
  if (state === 'Off' || state === 'Saved') vm.resized = state === 'Saved' ? vm.resized : null;
  const { machine } = vm.guest;
  // When the machine goes, all that ran in it goes. Saved ones stay saved.
  if (state === 'Off' && machine)
    for (const nested of machine.vms.values()) if (holdsMemory(nested)) enterState(nested, 'Off', clock);
}

/** After a start or a resume: a guest that was up already needs no boot. */
export function comeBack(vm: SimulatedVm, clock: Clock): void {
  if (vm.bootedAt !== null) vm.bootedAt = clock.now();
  enterState(vm, 'Running', clock);
}

const watchers = new WeakMap<SimulatedVm, Set<() => void>>();

/** Aborts when the VM enters another state, whoever is the cause. */
function nextState(vm: SimulatedVm): AbortSignal {
  const left = new AbortController();
  const waiting = watchers.get(vm) ?? new Set();
  watchers.set(
    vm,
    waiting.add(() => left.abort()),
  );
  return left.signal;
}

function wakeWatchers(vm: SimulatedVm): void {
  const waiting = watchers.get(vm);
  watchers.delete(vm);
  for (const wake of waiting ?? []) wake();
}

type ShutdownAnswer = 'shut-down' | 'refused' | 'gone';

/** Asks the guest to shut down and waits for what it does. A hung guest does nothing until somebody else ends it. */
export async function askToShutDown(vm: SimulatedVm, clock: Clock): Promise<ShutdownAnswer> {
  const { guest } = vm;
  if (guest.obeys === 'locked') return 'refused';
  const left = nextState(vm);
  if (guest.obeys === 'hung') await new Promise((resolve) => left.addEventListener('abort', resolve));
  else await sleep(clock, guest.shutdownSeconds + (guest.obeys === 'updating' ? guest.updateSeconds : 0), left);
  return left.aborted ? 'gone' : 'shut-down';
}
