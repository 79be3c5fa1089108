/** The facts that a plan rests on, read just before: the VMs that it is about, and what is inside where a wish reaches there. */
import { insideOf } from '../core/change/inside.js';
import type { Chain } from '../core/change/step.js';
import type { Failure, Guid, MachineRef } from '../core/cmdlets/call.js';
import type { VmGoal } from '../core/machine/goal.js';
import type { Machine, Vm } from '../core/machine/machine.js';
import { withVms } from '../core/machine/tick.js';
import { keyOf, withMachine } from '../core/machine/tree.js';
import type { Where } from '../core/run/deps.js';

export interface FactsDeps {
  readonly machine: () => Machine | null;
  /** Full reads of these VMs; those that are gone are left out. They are also taken into the app's own snapshot. */
  readonly readVms: (ids: readonly Guid[], where?: Where) => Promise<readonly Vm[] | Failure>;
  /** Addresses and routes of this PC, into the app's own snapshot. */
  readonly readNetwork?: () => Promise<Failure | undefined>;
  readonly now?: () => Date;
}

/** A VM that is read for a plan, and the machines that are looked into with it. */
export interface Target {
  readonly at: MachineRef;
  readonly vm: Guid;
  readonly inside: readonly MachineRef[];
}

export const targetOf = ({ at, vm, want }: VmGoal): Target => ({ at, vm, inside: insideOf(at, vm, want) });

export function targetOfChain({ at = [], vm, steps }: Chain): Target {
  const reached = steps.flatMap(({ do: act }) =>
    'call' in act ? [act.call.at] : 'role' in act.wait ? [[...at, vm]] : [],
  );
  const inner = reached.filter((path) => path.length > at.length);
  return { at, vm, inside: inner.toSorted((a, b) => a.length - b.length) };
}

const distinct = (paths: readonly MachineRef[]): readonly MachineRef[] => [
  ...new Map(paths.map((path) => [keyOf(path), path])).values(),
];
/** The machines that they are in, the outermost first. */
const placesOf = (targets: readonly Target[]): readonly MachineRef[] =>
  distinct(targets.map(({ at }) => at)).toSorted((a, b) => a.length - b.length);

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
  const inside = distinct(targets.flatMap((target) => target.inside));
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
const isBelow = (path: MachineRef, unseen: readonly MachineRef[]): boolean =>
  unseen.some((at) => keyOf(path.slice(0, at.length)) === keyOf(at));

interface Listed {
  readonly gone: readonly Guid[];
  readonly unseen: readonly MachineRef[];
}

async function readListed(deps: FactsDeps, targets: readonly Target[], isLenient: boolean): Promise<Listed | Failure> {
  const gone: Guid[] = [];
  const unseen: MachineRef[] = [];
  for (const at of placesOf(targets)) {
    if (isBelow(at, unseen)) continue;
    const ids = targets.filter((target) => keyOf(target.at) === keyOf(at)).map(({ vm }) => vm);
    const found = await deps.readVms(ids, { at });
    if ('kind' in found) {
      if (!isLenient || at.length === 0) return found;
      unseen.push(at);
      continue;
    }
    if (at.length > 0) continue;
    gone.push(...ids.filter((id) => !found.some((vm) => vm.id === id)));
  }
  return { gone, unseen };
}

async function readInside(
  deps: FactsDeps,
  inside: readonly MachineRef[],
  before: readonly MachineRef[],
  isLenient: boolean,
): Promise<readonly MachineRef[] | Failure> {
  const unseen = [...before];
  for (const path of inside) {
    if (isBelow(path, unseen)) continue;
    const looked = await deps.readVms(path.slice(-1), { at: path.slice(0, -1), inside: [path], roles: true });
    if (!('kind' in looked)) continue;
    if (!isLenient) return looked;
    unseen.push(path);
  }
  if (inside.length > 0) {
    const failure = await deps.readNetwork?.();
    if (failure && !isLenient) return failure;
  }
  return unseen;
}
