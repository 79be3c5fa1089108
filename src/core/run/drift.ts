/** What is no longer as a run of the app left it: changed by another tool, or by a checkpoint that was applied. */
import { vmIn, type VmRef } from '../cmdlets/ref.js';
import { accessOf, type ConnectionLike } from '../machine/access.js';
import type { Guid } from '../cmdlets/call.js';
import type { ChangePath } from '../machine/goal.js';
import type { Machine, Vm } from '../machine/machine.js';
import type { Value } from '../change/step.js';
import { isSound, newestFirst, type RunRecord } from './record.js';
import { isReached, valueAt } from '../change/values.js';
import { parsePath, type VmProperty } from '../change/paths.js';
import { verifiedIn } from './progress.js';
import { byId, ifRead } from '../machine/reading.js';

/** What VMs inside depend on. */
const watched: ReadonlySet<VmProperty> = new Set([
  'nesting',
  'macSpoofing',
  'memory.dynamic',
  'memory.startup',
  'memory.minimum',
  'memory.maximum',
  'stopAction',
]);

/** Values of a VM that a run left one way and that are another way now, changed by something else. */
export interface Drift {
  readonly vm: VmRef;
  readonly name: string;
  readonly changes: readonly {
    readonly path: ChangePath;
    readonly wrote: Value;
    /** ISO 8601 */
    readonly wroteAt: string;
    readonly now: Value;
  }[];
  /** One that was applied since, as was seen; or one that is older than the changes, so that applying it would explain them. */
  readonly checkpoint?: { readonly name: string; readonly isApplied: boolean };
}

export interface KeptChange {
  readonly vm: VmRef;
  readonly path: ChangePath;
  /** As it was left by the app, and when: what a later run wrote is watched again. */
  readonly wroteAt: string;
  /** What it was when somebody chose to keep it. */
  readonly value: Value;
}

interface Known {
  readonly machine: Machine | null;
  readonly records: readonly RunRecord[];
  /** VMs that a run is changing now. */
  readonly busy: ReadonlySet<VmRef>;
  readonly kept: readonly KeptChange[];
  readonly applied?: AppliedCheckpoints;
}

/** Checkpoints that somebody has applied while the app looked on. Windows keeps no note of it. */
export class AppliedCheckpoints {
  readonly #seen = new Map<Guid, { readonly checkpoint: Guid; readonly at: string }>();

  /** `before`: as it was read the time before. */
  notice({ machine, before }: { readonly machine: Machine; readonly before: Machine | null }): void {
    if (!before || before.vms === machine.vms) return;
    const earlier = new Map(ifRead(before.vms, undefined, (all) => all.map((vm) => [vm.id, vm])));
    for (const vm of ifRead(machine.vms, [], (all) => all)) {
      const was = earlier.get(vm.id);
      if (was === undefined || was === vm || !isApplied(was, vm)) continue;
      this.#seen.set(vm.id, { checkpoint: vm.parentCheckpoint ?? '', at: machine.host.readAt });
    }
  }

  /** The one that was applied last, after that time. */
  of(vm: Guid, after: string): Guid | undefined {
    const seen = this.#seen.get(vm);
    return seen && seen.at > after ? seen.checkpoint : undefined;
  }
}

/** It goes on from one that was there before, and the one that it went on from is still there: that was not deleted. */
function isApplied(was: Vm, vm: Vm): boolean {
  const [from, to] = [was.parentCheckpoint, vm.parentCheckpoint];
  if (from === undefined || to === undefined || to === null || from === to) return false;
  return has(was, to) && (from === null || has(vm, from));
}
const has = (vm: Vm, checkpoint: Guid): boolean =>
  ifRead(vm.checkpoints, false, (all) => all.some(({ id }) => id === checkpoint));

/**
 * The drifts as of now, after those that are shown. Paused while what is known of the VMs is old: a run may have written what
 * was never read again, and what others have changed is not seen.
 */
export function driftsNow(known: Known, connection: ConnectionLike, shown: readonly Drift[]): readonly Drift[] {
  return accessOf(connection, known.machine).kind === 'ended' ? shown : driftsIn(known);
}

/** The journal is the memory: it holds over restarts, and what changed while the app did not run is found too. */
export function driftsIn({ machine, records, busy, kept, applied }: Known): readonly Drift[] {
  if (machine?.vms === undefined) return [];
  const left = leftBy(records);
  const isKept = (ref: VmRef, path: ChangePath, wroteAt: string, now: Value): boolean =>
    kept.some((one) => one.vm === ref && one.path === path && one.wroteAt === wroteAt && isReached(now, one.value));
  return machine.vms.flatMap((vm): readonly Drift[] => {
    const ref = vmIn(machine.at, vm.id);
    if (busy.has(ref)) return [];
    const changes = [...(left.get(ref) ?? [])].flatMap(([path, { wrote, wroteAt }]) => {
      const now = valueAt(vm, path);
      // What could not be read has not changed.
      if (now === undefined || isReached(now, wrote) || isKept(ref, path, wroteAt, now)) return [];
      return [{ path, wrote, wroteAt, now }];
    });
    if (changes.length === 0) return [];
    const since = changes.reduce((latest, { wroteAt }) => (wroteAt > latest ? wroteAt : latest), '');
    return [{ vm: ref, name: vm.name, changes, ...checkpointBehind(vm, since, applied?.of(vm.id, since)) }];
  });
}

/** A checkpoint brings its own settings back: the one that was applied, else the one that the VM goes on from, if it is older. */
function checkpointBehind(vm: Vm, since: string, applied: Guid | undefined): Pick<Drift, 'checkpoint'> {
  const found = byId(vm.checkpoints, applied ?? vm.parentCheckpoint);
  if (found?.name === undefined) return {};
  const isOlder = found.created !== undefined && Date.parse(found.created) < Date.parse(since);
  return applied !== undefined || isOlder ? { checkpoint: { name: found.name, isApplied: applied !== undefined } } : {};
}

type Left = ReadonlyMap<ChangePath, { readonly wrote: Value; readonly wroteAt: string }>;

/** The values that runs wrote and read back last, by VM. What was undone is the user's own again. */
function leftBy(records: readonly RunRecord[]): ReadonlyMap<VmRef, Left> {
  const left = new Map<VmRef, Map<ChangePath, { wrote: Value; wroteAt: string }>>();
  const oldestFirst = records.toSorted(newestFirst).reverse();
  for (const record of oldestFirst) {
    if (!isSound(record)) continue;
    for (const { path, to, time, chain } of verifiedIn(record)) {
      const parsed = parsePath(path);
      if (!parsed || !watched.has(parsed.property) || parsed.inside !== undefined) continue;
      const values = left.get(chain.vm) ?? new Map<ChangePath, { wrote: Value; wroteAt: string }>();
      left.set(chain.vm, values);
      if (record.goal.kind === 'undo') values.delete(path);
      else values.set(path, { wrote: to, wroteAt: time });
    }
  }
  return left;
}
