/** Undo compares before, set to and now: now = set to → undo; now = found → nothing to do; neither → somebody else's. */
import { hostOf, outermostOf, textOf, type VmRef } from '../cmdlets/ref.js';
import type { Failure } from '../cmdlets/call.js';
import type { ChangePath, Goal, Thing, ThingToMake, VmGoal } from '../machine/goal.js';
import { machineAt, vmAt } from '../machine/tree.js';
import type { Machine, Vm } from '../machine/machine.js';
import { isUsedByOthers } from '../network/in-use.js';
import { idsOf, isCheckpoint, isThere, madeBy, sameAs } from '../network/things.js';
import type { Change, Chain, Step, Value } from '../change/step.js';
import { sideEffectsOf, progressOf, stepsOf, type StepProgress } from './progress.js';
import type { RunRecord } from './record.js';
import { isNotTheGuest } from './step-end.js';
import { isOneWay, isReached, mergeWants, valueAt, wantFor } from '../change/values.js';
import { madePath, parsePath } from '../change/paths.js';
import { isOfVm } from '../change/new-vm.js';
import { outlives } from '../change/removal.js';
import { isUsable } from '../change/services.js';
import { ifRead } from '../machine/reading.js';

export interface ThreeWay {
  /** The VM of the chain; the path may be one inside it. */
  readonly vm: VmRef;
  readonly name: string;
  readonly path: ChangePath;
  readonly found: Value;
  readonly wrote: Value;
  /** undefined: could not be read. */
  readonly now: Value | undefined;
  /** `kept`: a way back for a person, which stays unless it is ticked. */
  readonly verdict: 'undo' | 'kept' | 'already-so' | 'somebody-else' | 'one-way' | 'gone' | 'unknown';
  /** A thing that the run has made, and that is removed as exactly this. */
  readonly made?: Thing;
}

interface Written {
  readonly path: ChangePath;
  readonly found: Value;
  readonly wrote: Value;
  /** Of a step whose end is not known: what we had written before it. It may have done nothing. */
  readonly before?: Value;
  readonly chain: Chain;
}

/** By VM and path: a path says only within its chain which VM is meant. */
export const keyOfWay = ({ vm, path }: Pick<ThreeWay, 'vm' | 'path'>): string => `${textOf(vm)} ${path}`;
const writtenKey = ({ chain: { vm }, path }: Pick<Written, 'chain' | 'path'>): string => keyOfWay({ vm, path });

/** What a run found first and wrote last, by value. A step without a known end may have written or not: now tells. */
function writtenBy(record: RunRecord): readonly Written[] {
  const values = new Map<string, Written>();
  const mayHaveBegun = perhapsBegun(record);
  for (const one of stepsOf(record)) {
    const { chain } = one;
    const { changes, isOpen } = mayHaveBegun.has(one.step) ? { changes: one.step.changes, isOpen: true } : leftBy(one);
    for (const { path, from, to } of changes) {
      const key = writtenKey({ chain, path });
      const known = values.get(key);
      const before = isOpen && known ? { before: known.wrote } : {};
      values.set(key, { path, found: known?.found ?? from, wrote: to, ...before, chain });
    }
  }
  return [...values.values()];
}

/** `isOpen`: its end is not known, so that it may have done nothing. */
function leftBy(one: StepProgress): { readonly changes: readonly Change[]; readonly isOpen: boolean } {
  const { step, state, began, found = step.changes, readBack = [], failure } = one;
  const isBegun = began !== undefined;
  switch (state) {
    case 'running':
      return { changes: found, isOpen: true };
    case 'unknown':
      return { changes: isBegun ? [...found, ...sideEffectsOf(one)] : [], isOpen: true };
    case 'done': {
      // As it was read afterwards: a feature may be on at once where a restart was foreseen.
      const read = (change: Change): Change => readBack.find(({ path }) => path === change.path) ?? change;
      const written = found.map((change) => ({ ...change, to: read(change).to }));
      return { changes: isBegun ? [...written, ...sideEffectsOf(one)] : [], isOpen: false };
    }
    case 'failed':
      if (isBegun && mayGoYet(step, failure)) return { changes: found, isOpen: true };
      // What did not become as it was written has yet changed: `memory.startup` taken, `memory.maximum` not.
      return { changes: readBack.filter(({ from, to }) => from !== to), isOpen: false };
    default:
      return { changes: [], isOpen: false };
  }
}

/** A guest that was asked to shut down may do so long after Windows has given up waiting for it. */
const mayGoYet = (step: Step, failure: Failure | undefined): boolean =>
  step.kind === 'power' &&
  step.changes.some(({ from, to }) => from === 'running' && to === 'off') &&
  failure !== undefined &&
  !isNotTheGuest(failure);

/** A last line that cannot be read may have said that the next step of some chain begins. */
function perhapsBegun({ trouble, plan, events }: RunRecord): ReadonlySet<Step> {
  if (trouble !== 'damaged') return new Set();
  const { chains } = progressOf(plan, events);
  return new Set(chains.flatMap(({ steps }) => steps.find(({ state }) => state === 'pending')?.step ?? []));
}

/**
 * Of what we may have left there, what is there now. Of a step whose end is not known, what was before it is ours too; so is
 * what an undo of the run has left half-way: an address that was taken away, with the new one still to come.
 */
function leftThere({ wrote, before }: Written, now: Value | undefined, undos: readonly Written[]): Value {
  const ours = [before, ...undos.flatMap((undo) => [undo.wrote, undo.before])];
  return now !== undefined && ours.includes(now) ? now : wrote;
}

interface MadeIn {
  readonly chain: Chain;
  /** undefined: whether and what it was is only known from what is there now. */
  readonly made: Thing | undefined;
  readonly step: Step;
  readonly before: readonly string[];
}

/** What a run has made; a step without a known end may have made it. */
const madeIn = (record: RunRecord): readonly MadeIn[] =>
  stepsOf(record).flatMap(({ step, chain, state, before = [], made }) =>
    step.makes && (state === 'running' || state === 'unknown' || state === 'done' || made)
      ? [{ step, chain, before, made }]
      : [],
  );

/** `undos`: runs that were to undo it, done or not. */
export function threeWay(record: RunRecord, machine: Machine, undos: readonly RunRecord[] = []): readonly ThreeWay[] {
  const undone = undos.flatMap(writtenBy);
  const writtenInUndo = (one: Written): readonly Written[] =>
    undone.filter((undo) => writtenKey(undo) === writtenKey(one));
  // A VM that was made goes as a whole, whatever was set in it.
  const written = record.goal.kind === 'create' ? [] : writtenBy(record);
  const values = written.flatMap((one): readonly ThreeWay[] => {
    const { path, found, chain } = one;
    if (!parsePath(path)) return [];
    const { vm, isListed } = vmOf(machine, chain);
    const now = vm && valueAt(vm, path, machineAt(machine, hostOf(chain.vm)));
    const wrote = leftThere(one, now, writtenInUndo(one));
    const way = { ...ownerOf(chain, vm), path, found, wrote, now };
    // A list that could not be read is no proof that the VM is gone.
    if (!vm) return [{ ...way, verdict: isListed ? 'gone' : 'unknown' }];
    return [{ ...way, verdict: verdictOf(vm, path, found, wrote, now) }];
  });
  const made = madeIn(record);
  return [...values, ...made.flatMap((one) => wayOfMade(machine, one, made))];
}

function vmOf(root: Machine, { vm }: Chain): { readonly vm: Vm | undefined; readonly isListed: boolean } {
  // The machine around it is gone as well: so is all that was in it.
  const isGone = root.vms !== undefined && !vmAt(root, outermostOf(vm));
  return { vm: vmAt(root, vm), isListed: isGone || machineAt(root, hostOf(vm))?.vms !== undefined };
}

const ownerOf = ({ vm, name }: Chain, now: Vm | undefined) => ({ vm, name: now?.name ?? name });

/** What of its chain is there as it was made: it goes too. */
const goesWith = (home: Machine, chain: Chain, all: readonly MadeIn[]): readonly Thing[] =>
  all.flatMap(({ chain: of, made, step, before }) => {
    const thing = made ?? (step.makes && madeBy(home, step.makes, before));
    return of === chain && thing && sameAs(home, thing) ? [thing] : [];
  });

function wayOfMade(
  root: Machine,
  { chain, made: known, step, before }: MadeIn,
  all: readonly MadeIn[],
): readonly ThreeWay[] {
  const { vm, isListed } = vmOf(root, chain);
  const thing = known ?? step.makes;
  const home = thing && (vm || outlives(thing, chain.vm)) ? machineAt(root, thing.at) : undefined;
  const made = known ?? (home && step.makes ? madeBy(home, step.makes, before) : undefined);
  if (!made) {
    // Nothing of that kind is there: it was not made, or is gone. Where nobody can look it is not known.
    if (!step.makes || (home && idsOf(home, step.makes) !== undefined)) return [];
    const id = calledFor(step.makes);
    const path = madePath(chain.vm, { what: step.makes.what, at: step.makes.at, id });
    return [
      {
        ...ownerOf(chain, vm),
        path,
        found: 'none',
        wrote: 'there',
        now: undefined,
        verdict: vm || !isListed ? 'unknown' : 'gone',
      },
    ];
  }
  const way = {
    ...ownerOf(chain, vm),
    path: madePath(chain.vm, made),
    found: 'none',
    wrote: 'there',
    made,
  } as const;
  // With its VM, or with the machine that it was in.
  if (!home) return [{ ...way, now: undefined, verdict: vm || !isListed ? 'unknown' : 'gone' }];
  const now = isThere(home, made);
  if (now === undefined) return [{ ...way, now, verdict: 'unknown' }];
  if (now === 'gone') return [{ ...way, now, verdict: 'already-so' }];
  // Of its id, yet not what was made: never removed, ticked or not.
  if (!sameAs(home, made)) return [{ ...way, now, verdict: 'one-way' }];
  if (isCheckpoint(made)) return [{ ...way, now, verdict: 'kept' }];
  // Of a VM or a disk that nobody saw being made, only a person knows whose it is.
  if (isOfVm(made) && !known) return [{ ...way, now, verdict: 'somebody-else' }];
  const isAround = made.at === hostOf(chain.vm);
  const isUsed = isAround ? isUsedByOthers(home, made, chain.vm, goesWith(home, chain, all)) : false;
  return [{ ...way, now, verdict: isUsed === undefined ? 'unknown' : isUsed ? 'somebody-else' : 'undo' }];
}

function calledFor(thing: ThingToMake): string {
  if (thing.what === 'disk') return thing.disk.path;
  return 'name' in thing ? thing.name : thing.address;
}

function verdictOf(vm: Vm, path: ChangePath, found: Value, wrote: Value, now: Value | undefined): ThreeWay['verdict'] {
  if (now === undefined) return 'unknown';
  if (now === found) return 'already-so';
  // A saved or paused memory is not made again; nor is a version lowered.
  if (isOneWay(path) || found === 'saved' || found === 'paused' || found === null) return 'one-way';
  if (!isReached(now, wrote)) return 'somebody-else';
  if (!takesFromVms(vm, path, found, now)) return 'undo';
  // They would be stranded: kept unless it is ticked.
  return ifRead(vm.guest?.vms, 'unknown', (all) => (all.length > 0 ? 'somebody-else' : 'undo'));
}

/** It would turn off what VMs inside run by: Hyper-V, or a service that it cannot be used without. */
function takesFromVms({ guest }: Vm, path: ChangePath, found: Value, now: Value): boolean {
  const { role, service } = parsePath(path) ?? {};
  // Not on yet, it has no VMs to ask about.
  if (role === 'hyper-v') return found !== 'Enabled' && now === 'Enabled';
  if (service === undefined || isUsable(service, found)) return false;
  // Without vmms nobody could ask, and setting back stops nothing that goes on: a start that failed, an undo half-way.
  return ifRead(guest?.host.services, true, ({ vmms }) => vmms !== undefined && vmms.state !== 'Stopped');
}

/** What goes back, of the VMs that are meant: ours that is still so, and somebody else's where it was ticked. */
export function undoWants(
  all: readonly ThreeWay[],
  { also = [], only, checkpoints }: Pick<Extract<Goal, { kind: 'undo' }>, 'also' | 'only' | 'checkpoints'>,
): readonly VmGoal[] {
  const ways = only ? all.filter(({ vm }) => only.includes(vm)) : all;
  const wants = new Map<VmRef, VmGoal>();
  const ticked = new Set(also.map(keyOfWay));
  for (const { vm, path, found, verdict, made } of ways) {
    const isTicked = ticked.has(keyOfWay({ vm, path }));
    const goes = {
      undo: !checkpoints,
      'somebody-else': !checkpoints && isTicked,
      kept: checkpoints === true || isTicked,
      'already-so': false,
      'one-way': false,
      gone: false,
      unknown: false,
    };
    if (!goes[verdict]) continue;
    const want = made ? { remove: [made] } : wantFor(path, found);
    wants.set(vm, { vm, want: mergeWants(wants.get(vm)?.want ?? {}, want) });
  }
  return [...wants.values()];
}
