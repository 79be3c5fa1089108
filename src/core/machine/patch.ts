/** Two snapshots → what changed. Only this crosses to the window after the first full snapshot. */
import type { Guid } from '../cmdlets/call.js';
import type { HostFacts, Machine, Network, ThirdParty, Vm } from './machine.js';
import { ifRead } from './reading.js';

export interface MachinePatch {
  readonly host?: HostFacts;
  /** bytes; where nothing else of the host differs. It does at every reading of the host, which few are. */
  readonly freeMemory?: number;
  /** VMs that are new or differ in anything but readAt. */
  readonly changed?: readonly Vm[];
  readonly removed?: readonly Guid[];
  /** Addresses and routes of this PC, when they were read. */
  readonly network?: Network;
  /** Virtualization of other makers on this PC, when it was looked for. */
  readonly thirdParty?: ThirdParty;
  /** All ids, only when the order or the set changed. */
  readonly order?: readonly Guid[];
  /** The list became unreadable, or readable again. */
  readonly list?: 'unreadable' | 'readable';
  /** ISO 8601: when the machine was last read, changed or not. */
  readonly readAt: string;
}

/** Ages in steps of a read are no change: they go with the next real one. Inside, they stand at every depth. */
const ages: ReadonlySet<string> = new Set(['readAt', 'uptime', 'freeMemory', 'freeDisk']);

/**
 * Value by value, with no text made of them: all VMs may have the failures of one call, each as long as a message of Windows.
 * undefined is as if it was not there.
 */
function isSame(now: unknown, before: unknown): boolean {
  if (Object.is(now, before)) return true;
  if (!isObject(now) || !isObject(before)) return false;
  return (
    Object.keys(now).every((key) => ages.has(key) || isSame(now[key], before[key])) &&
    Object.keys(before).every((key) => ages.has(key) || Object.hasOwn(now, key) || before[key] === undefined)
  );
}
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export function diff(before: Machine, after: Machine): MachinePatch {
  return {
    ...hostPatch(before.host, after.host),
    // An idle tick hands on the list as it is.
    ...(before.vms === after.vms ? {} : diffOfVms(before.vms, after.vms)),
    ...(after.network && !isSame(after.network, before.network) ? { network: after.network } : {}),
    ...(after.thirdParty && !isSame(after.thirdParty, before.thirdParty) ? { thirdParty: after.thirdParty } : {}),
    readAt: after.host.readAt,
  };
}

function diffOfVms(before: Machine['vms'], after: Machine['vms']): Partial<MachinePatch> {
  const old = new Map(ifRead(before, [], (all) => all.map((vm) => [vm.id, vm])));
  const changed = ifRead(after, [], (all) =>
    all.filter((vm) => {
      const was = old.get(vm.id);
      return was === undefined || !isSame(vm, was);
    }),
  );
  const ids = new Set(ifRead(after, [], (all) => all.map(({ id }) => id)));
  const removed = [...old.keys()].filter((id) => !ids.has(id));
  const order = ifRead(after, [], (all) => all.map(({ id }) => id));
  const sameOrder =
    order.length === old.size && ifRead(before, true, (all) => all.every(({ id }, index) => id === order[index]));
  const list =
    (before === undefined) === (after === undefined)
      ? undefined
      : after === undefined
        ? ('unreadable' as const)
        : ('readable' as const);
  return {
    ...(changed.length > 0 ? { changed } : {}),
    ...(removed.length > 0 ? { removed } : {}),
    ...(sameOrder ? {} : { order }),
    ...(list ? { list } : {}),
  };
}

function hostPatch(before: HostFacts, after: HostFacts): Pick<MachinePatch, 'host' | 'freeMemory'> {
  const { freeMemory } = after;
  if (!isSame(after, before) || (freeMemory === undefined) !== (before.freeMemory === undefined))
    return { host: after };
  return freeMemory === undefined || freeMemory === before.freeMemory ? {} : { freeMemory };
}

/** Nothing in it but the time of reading. */
export const isEmpty = ({ readAt: _readAt, ...rest }: MachinePatch): boolean => Object.keys(rest).length === 0;

/** `before` with the patch: equal to `after` but for the times of what did not change. */
export function applyPatch(machine: Machine, patch: MachinePatch): Machine {
  const { freeMemory } = patch;
  const host = {
    ...(patch.host ?? machine.host),
    ...(freeMemory === undefined ? {} : { freeMemory }),
    readAt: patch.readAt,
  };
  const network = patch.network ?? machine.network;
  const thirdParty = patch.thirdParty ?? machine.thirdParty;
  const rest = { ...machine, host, ...(network && { network }), ...(thirdParty && { thirdParty }) };
  if (patch.list === 'unreadable') return { ...rest, vms: undefined };
  if (!patch.changed && !patch.removed && !patch.order && !patch.list) return rest;
  const vms = new Map(ifRead(machine.vms, [], (all) => all.map((vm) => [vm.id, vm])));
  for (const id of patch.removed ?? []) vms.delete(id);
  for (const vm of patch.changed ?? []) vms.set(vm.id, vm);
  const ordered = patch.order ? patch.order.flatMap((id) => vms.get(id) ?? []) : [...vms.values()];
  return { ...rest, vms: ordered };
}
