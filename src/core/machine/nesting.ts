/** Where a VM stands with nesting: read once here; page, tray, planner and setup only map it. */
import type { Machine, Vm } from './machine.js';
import { processorKind } from './platform.js';
import { compareVersions, isTransitional, lowestVersion, powerOf, type Power } from './vm-state.js';

export type NestingStatus =
  | { readonly kind: 'unread' }
  | { readonly kind: 'on'; readonly power: SettledPower }
  /** `lacks`: this PC cannot offer it, or the VM's version is too old for it or could not be read. */
  | { readonly kind: 'off'; readonly power: SettledPower; readonly lacks: 'host' | 'version' | null };
type SettledPower = Power | 'moving' | 'unread';

export function nestingStatus(machine: Machine, vm: Vm): NestingStatus {
  const { nesting, state } = vm;
  if (nesting === undefined) return { kind: 'unread' };
  const power = state === undefined ? 'unread' : isTransitional(state) ? 'moving' : (powerOf(vm) ?? 'unread');
  return nesting ? { kind: 'on', power } : { kind: 'off', power, lacks: lackOf(machine, vm) };
}

function lackOf(machine: Machine, { version }: Vm): 'host' | 'version' | null {
  if (hostOffersNesting(machine) === false) return 'host';
  const vendor = machine.host.processor?.vendor ?? 'other';
  // A version that could not be read may be too old.
  return version === undefined || compareVersions(version, lowestVersion(vendor)) < 0 ? 'version' : null;
}

/** Whether this PC can offer nesting at all; undefined: not known. AMD needs Windows 11 or Server 2022, Intel Windows 10 1607 (domain §1). */
export function hostOffersNesting({ host }: Machine): boolean | undefined {
  const { windows } = host;
  const kind = processorKind(host);
  switch (kind) {
    case 'arm':
    case 'other':
      return false;
    case 'other-x64':
    case 'unknown':
      return undefined;
    case 'intel':
    case 'amd':
      return windows && windows.build >= lowestBuild(kind, windows.server);
  }
}
export const lowestBuild = (vendor: 'intel' | 'amd', server: boolean): number =>
  vendor === 'amd' ? (server ? 20348 : 22000) : 14393;

export type Switchable =
  /** At once: nothing stops. */
  | { readonly can: 'now' }
  /** Something stops, is lost or has to be chosen: through the wizard. */
  | { readonly can: 'review'; readonly because: 'runs' | 'paused' | 'saved' | 'version' }
  | { readonly can: 'no'; readonly because: 'host' | 'transitional' | 'unread' | 'already' };

export function canTurnNestingOn(machine: Machine, vm: Vm): Switchable {
  const status = nestingStatus(machine, vm);
  if (status.kind === 'on') return { can: 'no', because: 'already' };
  if (status.kind === 'unread' || status.power === 'unread') return { can: 'no', because: 'unread' };
  if (status.lacks === 'host') return { can: 'no', because: 'host' };
  if (status.lacks === 'version' && status.power !== 'moving') return { can: 'review', because: 'version' };
  return throughPower(status.power);
}

/** Turning it off is never refused for what the host can or cannot do. */
export function canTurnNestingOff(machine: Machine, vm: Vm): Switchable {
  const status = nestingStatus(machine, vm);
  if (status.kind === 'off') return { can: 'no', because: 'already' };
  return status.kind === 'unread' ? { can: 'no', because: 'unread' } : throughPower(status.power);
}

function throughPower(power: SettledPower): Switchable {
  switch (power) {
    case 'unread':
      return { can: 'no', because: 'unread' };
    case 'moving':
      return { can: 'no', because: 'transitional' };
    case 'off':
      return { can: 'now' };
    case 'running':
      return { can: 'review', because: 'runs' };
    case 'paused':
    case 'saved':
      return { can: 'review', because: power };
  }
}
