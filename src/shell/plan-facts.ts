/** The facts that a plan rests on, read just before: the VMs that it is about, and what is inside where a wish reaches there. */
import { idOf, hostOf, depthOf, isVmRef, isWithin, type VmRef, type MachineRef } from '../core/cmdlets/ref.js';
import { insideOf, needsAround } from '../core/change/inside.js';
import { isAround, reachedBy, type Chain } from '../core/change/step.js';
import type { Failure, Guid, Host } from '../core/cmdlets/call.js';
import { readDisks } from '../core/machine/disk-reading.js';
import type { VmGoal } from '../core/machine/goal.js';
import type { Files } from '../core/machine/files.js';
import type { Disk, Machine, Vm } from '../core/machine/machine.js';
import { readDiskUsers } from '../core/machine/disk-users.js';
import { ifRead } from '../core/machine/reading.js';
import { withVms } from '../core/machine/tick.js';
import { withMachine } from '../core/machine/tree.js';
import type { Where } from '../core/run/deps.js';

export interface FactsDeps {
  readonly machine: () => Machine | null;
  /** Full reads of these VMs; those that are gone are left out. They are also taken into the app's own snapshot. */
  readonly readVms: (ids: readonly Guid[], where: Where) => Promise<readonly Vm[] | Failure>;
  /** Addresses and routes of this PC, into the app's own snapshot. */
  readonly readNetwork?: () => Promise<Failure | undefined>;
  readonly host: () => Host | null;
  /** Files of this PC. */
  readonly files?: Files;
  readonly now?: () => Date;
}

/** A VM that is read for a plan, and the machines that are looked into with it. */
export interface Target {
  readonly vm: VmRef;
  readonly inside: readonly VmRef[];
  /** The machine that it is in is read too. */
  readonly around: boolean;
}

export const targetOf = ({ vm, want }: VmGoal): Target => ({
  vm,
  inside: insideOf(vm, want),
  around: needsAround(vm, want),
});

export function targetOfChain({ vm, steps }: Chain): Target {
  const inner = steps
    .map(reachedBy)
    .filter(isVmRef)
    .filter((machine) => depthOf(machine) >= depthOf(vm));
  return { vm, inside: inner.toSorted((a, b) => depthOf(a) - depthOf(b)), around: steps.some(isAround) };
}

/** The machines that they are in, the outermost first. */
const placesOf = (targets: readonly Target[]): readonly MachineRef[] =>
  [...new Set(targets.map(({ vm }) => hostOf(vm)))].toSorted((a, b) => depthOf(a) - depthOf(b));

/**
 * The app's snapshot with these VMs read in full now. `isLenient`: where nobody can look any more, what was seen there before is
 * no answer; it is not known then, and not refused.
 */
export async function freshFacts(
  deps: FactsDeps,
  targets: readonly Target[],
  { isLenient = false } = {},
): Promise<Machine | Failure> {
  const listed = await readListed(deps, targets, isLenient);
  if ('kind' in listed) return listed;
  const inside = new Set(targets.flatMap((target) => target.inside));
  const unseen = await readInside(deps, inside, listed.unseen, isLenient);
  if ('kind' in unseen) return unseen;
  const machine = deps.machine();
  if (!machine) return { kind: 'session-lost' };
  // What was read is in the snapshot by now; those that are gone stay in it until the next tick says so.
  const fresh = withVms(machine, [], listed.gone);
  const seen = unseen.reduce((all, at) => withMachine(all, at, null), fresh);
  return { ...seen, host: { ...seen.host, readAt: (deps.now?.() ?? new Date()).toISOString() } };
}

/** Nobody can look there: it is, or is below, a machine that did not answer. */
const isUnseen = (machine: MachineRef, unseen: readonly MachineRef[]): boolean =>
  unseen.some((one) => isWithin(machine, one));

interface Listed {
  readonly gone: readonly Guid[];
  readonly unseen: readonly MachineRef[];
}

async function readListed(deps: FactsDeps, targets: readonly Target[], isLenient: boolean): Promise<Listed | Failure> {
  const gone: Guid[] = [];
  const unseen: MachineRef[] = [];
  for (const at of placesOf(targets)) {
    if (isUnseen(at, unseen)) continue;
    const here = targets.filter(({ vm }) => hostOf(vm) === at);
    const ids = here.map(({ vm }) => idOf(vm));
    const found = await deps.readVms(ids, { at, ...(here.some(({ around }) => around) && { around: true }) });
    if ('kind' in found) {
      if (!isLenient || !isVmRef(at)) return found;
      unseen.push(at);
      continue;
    }
    if (isVmRef(at)) continue;
    gone.push(...ids.filter((id) => !found.some((vm) => vm.id === id)));
  }
  return { gone, unseen };
}

async function readInside(
  deps: FactsDeps,
  inside: ReadonlySet<VmRef>,
  before: readonly MachineRef[],
  isLenient: boolean,
): Promise<readonly MachineRef[] | Failure> {
  const unseen = [...before];
  for (const vm of inside) {
    if (isUnseen(vm, unseen)) continue;
    const looked = await deps.readVms([idOf(vm)], { at: hostOf(vm), inside: [vm], roles: true });
    if (!('kind' in looked)) continue;
    if (!isLenient) return looked;
    unseen.push(vm);
  }
  if (inside.size > 0) {
    const failure = await deps.readNetwork?.();
    if (failure && !isLenient) return failure;
  }
  return unseen;
}

/** The machine with the disks at these paths, as they are now, and who uses them. */
export async function withDisks(
  deps: FactsDeps,
  machine: Machine | Failure,
  paths: readonly string[],
): Promise<Machine | Failure> {
  if ('kind' in machine || paths.length === 0) return machine;
  const host = deps.host();
  const disks = host ? await readDisks(host, machine.at, paths) : ({ kind: 'session-lost' } as const);
  if ('kind' in disks || !host) return 'kind' in disks ? disks : machine;
  const vms = ifRead(machine.vms, undefined, (all) => all.map(({ id }) => id));
  const users = vms && (await readDiskUsers(host, machine.at, vms));
  const used = (path: string): Pick<Disk, 'users'> =>
    users ? { users: [...(users.get(path.toLowerCase()) ?? [])] } : {};
  return { ...machine, disks: disks.map((disk) => ({ ...disk, ...used(disk.path) })) };
}
