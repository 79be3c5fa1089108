/** The watcher's tick: one cheap query tells which VMs have changed (domain §8), and what a machine is with those read anew. */
import type { MachineRef } from '../cmdlets/ref.js';
import type { CallResult, Guid, HostCall } from '../cmdlets/call.js';
import type { RowOf } from '../cmdlets/catalog.js';
import { readOf } from '../cmdlets/reads.js';
import type { Machine, Vm } from './machine.js';
import { insideOf, withoutHypervisor, type Samples } from './running-inside.js';
import { isOverturned, sorted } from './vm-reading.js';
import { ifRead } from './reading.js';

export const tickCalls = (at: MachineRef) =>
  [{ cmdlet: 'Get-CimInstance/Msvm_ComputerSystem', params: {}, at }] as const satisfies readonly HostCall[];
/** What a tick tells of each VM, by id. */
export type Tick = ReadonlyMap<Guid, Seen>;
type Seen = RowOf<'Get-CimInstance/Msvm_ComputerSystem'>;

/** Told from the name of the host itself, which has 15 characters at most; an expression for it would be half the cost of a tick. */
const isGuid = ({ length }: string): boolean => length === 36;

export function tickOf(result: CallResult<'Get-CimInstance/Msvm_ComputerSystem'>): Tick | undefined {
  const { rows } = readOf(result);
  if (!rows) return undefined;
  const tick = new Map<Guid, Seen>();
  for (const row of rows) if (row.Name !== undefined && isGuid(row.Name)) tick.set(row.Name.toLowerCase(), row);
  return tick;
}

/** Value by value, no text made of them: with a thousand VMs this runs every other second. */
const isSameAs = (now: Seen, before: Seen | undefined): boolean =>
  before !== undefined &&
  now.EnabledState === before.EnabledState &&
  now.HealthState === before.HealthState &&
  now.TimeOfLastStateChange === before.TimeOfLastStateChange &&
  now.TimeOfLastConfigurationChange === before.TimeOfLastConfigurationChange;

export function changedBy(
  tick: Tick,
  previous: Tick,
): { readonly changed: readonly Guid[]; readonly removed: readonly Guid[] } {
  const changed: Guid[] = [];
  for (const [id, row] of tick) if (!isSameAs(row, previous.get(id))) changed.push(id);
  const removed: Guid[] = [];
  for (const id of previous.keys()) if (!tick.has(id)) removed.push(id);
  return { changed, removed };
}

/** A machine with some VMs read anew, some gone. Where the list could not be read, some are not all: it stays unknown. */
export function withVms(machine: Machine, vms: readonly Vm[], gone: readonly Guid[]): Machine {
  if (machine.vms === undefined) return machine;
  const fresh = new Map(vms.map((vm) => [vm.id, vm]));
  const left = new Set(gone);
  const kept = machine.vms.filter(({ id }) => !fresh.has(id) && !left.has(id));
  return { ...machine, vms: sorted([...kept, ...fresh.values()]) };
}

/** What two samples of the counters tell of each VM, without reading anything else again. */
export function withSamples(machine: Machine, counters: Samples, samples: Samples): Machine {
  const vms = ifRead(machine.vms, [], (all) => all);
  const shared = sharedNames(vms);
  const fresh = new Map<Guid, Vm>();
  for (const vm of vms) {
    // Of the others a read has said all there is.
    if (vm.nesting !== true) continue;
    const { nesting, state, uptime, name } = vm;
    const isShared = shared.has(name);
    const found = insideOf({ nesting, state, uptime, name, before: vm, isShared }, { counters, samples });
    if (found.inside === vm.inside && found.insideEvidence === vm.insideEvidence) continue;
    const guest = vm.guest && isOverturned(vm, found) ? { guest: withoutHypervisor(vm.guest) } : {};
    fresh.set(vm.id, { ...vm, ...found, ...guest });
  }
  // The same list where nothing is new: it need not be compared then.
  return fresh.size === 0 ? machine : { ...machine, vms: vms.map((vm) => fresh.get(vm.id) ?? vm) };
}

const sharedIn = new WeakMap<readonly Vm[], ReadonlySet<string>>();
/** Names that more than one VM has; found once for a list, which stays the same over ticks. */
function sharedNames(vms: readonly Vm[]): ReadonlySet<string> {
  const known = sharedIn.get(vms);
  if (known) return known;
  const [seen, shared] = [new Set<string>(), new Set<string>()];
  for (const { name } of vms) (seen.has(name) ? shared : seen).add(name);
  sharedIn.set(vms, shared);
  return shared;
}
