/** What came of a step: what Windows answered, and what is there afterwards. */
import { idOf } from '../cmdlets/ref.js';
import { memoryPaths } from '../change/memory.js';
import type { Change, Step } from '../change/step.js';
import { isReached, valueAt } from '../change/values.js';
import type { CallResult, Failure, HostCall } from '../cmdlets/call.js';
import type { Thing, ThingToMake } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { homeIn, type Seen } from '../machine/seen.js';
import { powerOf } from '../machine/vm-state.js';
import { idsOf, madeBy } from '../network/things.js';
import type { RunDeps } from './deps.js';
import type { StepTold } from './record.js';
import { isCall } from './step-kinds.js';
import { readOne, waitFor } from './waiting.js';

/** `refused`: Windows answered with an error, and may have done it in part. `failed`: it was not begun, or waited for in vain. */
export type Acted =
  | { readonly kind: 'done'; /** Of the VM that New-VM says it has made. */ readonly id?: string }
  | { readonly kind: 'failed' | 'refused' | 'unknown'; readonly failure: Failure };

export async function act(step: Step, deps: RunDeps): Promise<Acted> {
  if ('wait' in step.do) {
    const failure = await waitFor(step, step.do, deps);
    return failure ? { kind: 'failed', failure } : { kind: 'done' };
  }
  const calls: readonly HostCall[] = [step.do.call];
  const [result] = await deps.host.call(calls, undefined);
  return actedOf(result);
}

const neverIn: readonly Failure['kind'][] = [
  'no-credentials',
  'credential-refused',
  'guest-not-answering',
  'updates-differ',
  'not-administrator',
];

function actedOf(result: CallResult | undefined): Acted {
  if (!result) return { kind: 'unknown', failure: { kind: 'unknown-outcome' } };
  if ('unknown' in result) return { kind: 'unknown', failure: { ...result.failure, kind: 'unknown-outcome' } };
  const failure = 'failed' in result ? result.failed : result.errors[0];
  if (!failure) return { kind: 'done', ...madeIdIn(result) };
  // Without a record of Windows' own it was never sent; where nobody got in, nothing was done.
  return { kind: failure.record && !neverIn.includes(failure.kind) ? 'refused' : 'failed', failure };
}

function madeIdIn(result: CallResult): { readonly id?: string } {
  const made = result as CallResult<'New-VM'>;
  const id = 'rows' in made ? made.rows[0]?.Id : undefined;
  return id === undefined ? {} : { id: id.toLowerCase() };
}

/** The values of a step as they are read after it. */
export const readBackOf = ({ changes }: Step, { vm, around }: Seen): readonly Change[] =>
  changes.flatMap(({ path, from }): readonly Change[] => {
    const now = valueAt(vm, path, around);
    return now === undefined ? [] : [{ path, from, to: now }];
  });

/** What was refused may have been done in part. undefined: that cannot be read now. */
export async function partialChanges(
  deps: RunDeps,
  step: Step,
  was: Seen,
  before: readonly string[] | undefined,
): Promise<Pick<StepTold, 'readBack' | 'made'> | undefined> {
  const after = await readOne(deps, step, true);
  if ('kind' in after || !isListed(step, after)) return undefined;
  const readBack = readBackOf(step, after);
  if (readBack.length < step.changes.length) return undefined;
  const made = madeIn(step, after, before);
  return { readBack: [...readBack, ...sideEffects(step, was.vm, after.vm)], ...(made && { made }) };
}

/** The list that would show what the step makes was read. */
export const isListed = ({ makes }: Step, seen: Seen): boolean =>
  makes === undefined || idsBefore(makes, seen) !== undefined;

/** Ids of its kind that are there, where it is to be made. undefined: not known. */
export function idsBefore(makes: ThingToMake, seen: Seen): readonly string[] | undefined {
  const home = homeIn(seen, makes.at);
  return home && idsOf(home, makes);
}

export function madeIn({ makes }: Step, seen: Seen, before: readonly string[] = []): Thing | undefined {
  const home = makes && homeIn(seen, makes.at);
  return home && madeBy(home, makes, before);
}

/** All that it was to change is so, and what it was to make is there. */
export const isTaken = (step: Step, { vm, around }: Seen, made: Thing | undefined): boolean =>
  step.changes.every(({ path, to }) => isReached(valueAt(vm, path, around), to)) &&
  (step.makes === undefined || made !== undefined);

/** Refused as it runs; what lacks rights or memory would be refused while it is off as well. */
export const refusedWhileRunning = (step: Step, vm: Vm, { kind }: Failure): boolean =>
  isCall(step, 'Set-VMMemory') &&
  powerOf(vm) === 'running' &&
  (kind === 'wrong-state' || kind === 'not-supported' || kind === 'unexpected' || kind === 'not-taken');

/** Windows may move one value of the memory with another: what it moved goes back too. */
export const sideEffects = (step: Step, before: Vm, after: Vm): readonly Change[] =>
  isCall(step, 'Set-VMMemory')
    ? memoryPaths(idOf(step.vm)).flatMap((path): readonly Change[] => {
        if (step.changes.some((change) => change.path === path)) return [];
        const [from, to] = [valueAt(before, path), valueAt(after, path)];
        return from === undefined || to === undefined || from === to ? [] : [{ path, from, to }];
      })
    : [];

/** Turning off would be refused for the same reason, or is none of the guest's doing. */
export const isNotTheGuest = ({ kind }: Failure): boolean =>
  kind === 'access-denied' || kind === 'not-found' || kind === 'module-missing' || kind === 'module-blocked';
