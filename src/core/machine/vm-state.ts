/** What may be done with a VM, and when: the same rule for button, menu and guard. Pure. */
import type { MemoryWant } from './goal.js';
import type { Vm, VmState } from './machine.js';
import { ifRead } from './reading.js';

const settled: readonly VmState[] = ['Off', 'Running', 'Saved', 'Paused', 'FastSaved', 'Hibernated'];

/** `RunningCritical` → `Running`: a VM whose health is not OK shows its state so (facts: Get-VM notes). */
export function plainState(state: VmState): VmState {
  const plain = state.replace(/Critical$/, '');
  return isState(plain) ? plain : state;
}
const isState = (text: string): text is VmState => (settled as readonly string[]).includes(text);

/** Something is under way: nothing else may be asked of the VM now. */
export const isTransitional = (state: VmState): boolean => !settled.includes(plainState(state));

/** It has processor time now: what is paused does nothing, though its memory is held. */
export function isUp(state: VmState | undefined): boolean {
  if (state === undefined || state === 'Other' || state === 'ComponentServicing') return false;
  return plainState(state) === 'Running' || isTransitional(state);
}

export const isSaved = (state: VmState | undefined): boolean =>
  state !== undefined && ['Saved', 'FastSaved', 'Hibernated'].includes(plainState(state));

export type Power = 'running' | 'paused' | 'saved' | 'off';

/** undefined: not known, or on its way from one to another. */
export function powerOf({ state }: Pick<Vm, 'state'>): Power | undefined {
  if (state === undefined || isTransitional(state)) return undefined;
  if (isSaved(state)) return 'saved';
  const plain = plainState(state);
  return plain === 'Running' ? 'running' : plain === 'Paused' ? 'paused' : 'off';
}

/** A hypervisor runs inside, for certain or as the counters say. */
export const isRunningInside = ({ inside }: Pick<Vm, 'inside'>): boolean =>
  inside === 'certainly' || inside === 'probably';

export type Badge = 'off' | 'on' | 'probably' | 'inside' | 'unknown';
/** The nesting badge: off · on · probably or certainly running inside · unknown. */
export function badgeOf({ nesting, inside }: Vm): Badge {
  if (nesting === undefined) return 'unknown';
  if (!nesting) return 'off';
  if (inside === 'certainly') return 'inside';
  if (inside === 'probably') return 'probably';
  return inside === 'unknown' ? 'unknown' : 'on';
}

const stateIs = ({ state }: Vm, ...states: readonly VmState[]): boolean =>
  state !== undefined && states.includes(plainState(state));

/** From Off, Saved, Paused (facts: stateTransitions). */
export const canStart = (vm: Vm): boolean => stateIs(vm, 'Off', 'Saved', 'FastSaved', 'Hibernated');
export const canResume = (vm: Vm): boolean => stateIs(vm, 'Paused');
/** The guest can be asked only while it runs, and only through the shutdown service (domain §2). Not read yet: may be tried. */
export const canShutDown = (vm: Vm): boolean =>
  stateIs(vm, 'Running') && (vm.shutdownService === undefined || vm.shutdownService === 'ok');
export const canTurnOff = (vm: Vm): boolean => stateIs(vm, 'Running', 'Paused', 'Saved', 'FastSaved');
export const canConnect = (vm: Vm): boolean => vm.state !== undefined;
/** Also while it runs (documented). */
export const canChangeSpoofing = (vm: Vm): boolean =>
  vm.adapters !== undefined && vm.adapters.length > 0 && vm.state !== undefined && !isTransitional(vm.state);

/** Lowest configuration version for nesting: 8.0 on Intel, 9.3 on AMD (domain §1). */
export const lowestVersion = (vendor: 'intel' | 'amd' | 'other'): string => (vendor === 'amd' ? '9.3' : '8.0');

/** `10.0` and `9.3` compared as versions; negative: a is older. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  const [major, minor] = left ?? [];
  const [otherMajor, otherMinor] = right ?? [];
  return (major ?? 0) - (otherMajor ?? 0) || (minor ?? 0) - (otherMinor ?? 0);
}

/** Lowest configuration version whose fixed memory can be changed while the VM runs. */
const RESIZABLE = '6.2';

/**
 * Why this memory can be changed only while the VM is off; null: it is off, or Windows takes it as it runs. What may be refused
 * counts as refused: a hypervisor that may run inside holds the memory still (domain §3).
 */
export function memoryNeedsOff(vm: Vm, wanted: MemoryWant): MemoryOffReason | null {
  const { state, inside, memory, version } = vm;
  if (state === undefined) return 'not-running';
  const plain = plainState(state);
  if (plain === 'Off') return null;
  if (plain !== 'Running') return 'not-running';
  if (isRunningInside(vm)) return 'inside';
  if (inside === 'unknown') return 'inside-unknown';
  const { dynamic = memory.dynamic, startup = memory.startup, minimum, maximum } = wanted;
  if (memory.dynamic === undefined || dynamic !== memory.dynamic) return 'dynamic';
  const isStartup = startup !== memory.startup;
  if (!memory.dynamic)
    return isStartup && (version === undefined || compareVersions(version, RESIZABLE) < 0) ? 'version' : null;
  if (isStartup) return 'startup';
  // Of dynamic memory that is at work only the limits can be set, and only further apart.
  const isNarrower =
    (minimum !== undefined && (memory.minimum === undefined || minimum > memory.minimum)) ||
    (maximum !== undefined && (memory.maximum === undefined || maximum < memory.maximum));
  return isNarrower ? 'narrower' : null;
}
export type MemoryOffReason =
  'not-running' | 'inside' | 'inside-unknown' | 'dynamic' | 'version' | 'startup' | 'narrower';

/** The newest configuration version of a host. 254.0 and 255.0 are for prerelease and experimental VMs only. */
export const newestOf = (supported: readonly string[] | undefined): string | undefined =>
  supported
    ?.filter((version) => Number(version.split('.')[0]) < 254)
    .toSorted(compareVersions)
    .at(-1);

/** Addresses that it tells from outside. */
export const addressesTold = ({ adapters }: Pick<Vm, 'adapters'>): readonly string[] =>
  ifRead(adapters, [], (all) => all.flatMap(({ addresses }) => ifRead(addresses, [], (told) => told)));
