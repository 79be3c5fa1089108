/** A run is a plan being carried out; its events are all that is known of it, and are written down before they count. */
import type { Message } from '../../text/index.js';
import type { CallResult, Failure, Guid, Host, HostCall, MachineRef } from '../cmdlets/call.js';
import type { Consent, Goal, RunId, Thing } from '../machine/goal.js';
import { readinessOf } from '../machine/role-state.js';
import type { Machine, Role, Vm } from '../machine/machine.js';
import { keyOf, keyOfVm, type PathKey } from '../machine/tree.js';
import { memoryPaths } from '../change/memory.js';
import { idsOf, madeBy, problemOfMaking } from '../network/things.js';
import type { Change, Chain, Plan, PlanResult, Step, StepId, Value } from '../change/step.js';
import type { ChangePath, VmGoal } from '../machine/goal.js';
import { isReached, valueAt } from '../change/values.js';
import { powerOf } from '../machine/vm-state.js';

/** `skipped`: an earlier step of its chain stood in the way. `cancelled`: a person stopped the run before it. */
export type StepState = 'running' | 'done' | 'failed' | 'unknown' | 'skipped' | 'cancelled';

/** `while-off`: Windows refused to change the memory of a VM that runs; planned again, it is changed in an off-period. */
export type Offer = 'turn-off' | 'review' | 'while-off';

/** What happened, before it has a number and a time. */
export type RunHappening =
  | { readonly kind: 'started' }
  | {
      readonly kind: 'step';
      readonly vm: PathKey;
      readonly step: StepId;
      readonly state: StepState;
      /**
       * With `running`: the values found just before. With `done`: the values read back, and those that Windows has changed along
       * with them.
       */
      readonly found?: readonly Change[];
      readonly readBack?: readonly Change[];
      /** With `running`: ids of its kind that were there before. With `done`: what it has made. */
      readonly before?: readonly string[];
      readonly made?: Thing;
      readonly failure?: Failure;
    }
  /** What the plan rests on changed: said, and the rest of this VM's chain planned anew. */
  | { readonly kind: 'replanned'; readonly vm: PathKey; readonly because: readonly Change[]; readonly chain: Chain }
  /** A chain needs an answer (turn off after shutting down failed, a new plan that needs a consent): it stops here. */
  | { readonly kind: 'stopped'; readonly vm: PathKey; readonly why: Message; readonly offer?: Offer }
  /** The sign-in ends: the run goes to its next safe end, or is ended before it gets there. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ended'; readonly outcome: RunOutcome };

export type RunEvent = RunHappening & {
  readonly run: RunId;
  readonly seq: number;
  /** ISO 8601, by the clock of the wall: to be shown. */
  readonly time: string;
  /** Seconds since the run began, on a clock that only goes forward and stands still while the PC sleeps. */
  readonly elapsed: number;
};

export type RunOutcome = 'done' | 'partly' | 'failed' | 'cancelled' | 'unknown';

/** What Activity shows of a run, and what a journal file holds. */
export interface RunRecord {
  readonly id: RunId;
  readonly schema: number;
  /** Counts the runs of this PC: a clock may be set back. */
  readonly order: number;
  readonly appVersion: string;
  readonly goal: Goal;
  readonly plan: Plan;
  readonly events: readonly RunEvent[];
  /** undefined while it runs, or when it was cut short. */
  readonly outcome?: RunOutcome;
  /** How a run that was cut short was settled; a run that undo it. */
  readonly settled?: 'finished' | 'undone' | 'left';
  readonly undoneBy?: RunId;
  /**
   * A journal of a newer app, or a broken one, in which something may be missing: shown, not acted on. `damaged`: its last event
   * was cut short and is left out.
   */
  readonly trouble?: 'newer-schema' | 'broken' | 'damaged';
}

/** What was done is known, so that it can be undone, finished and compared. */
export const isSound = ({ trouble }: Pick<RunRecord, 'trouble'>): boolean =>
  trouble === undefined || trouble === 'damaged';

/** Whose VMs are read, and which machines are looked into for what a step needs to know. */
export interface Where {
  readonly at?: MachineRef;
  readonly inside?: readonly MachineRef[];
  /** Roles too: that takes seconds. */
  readonly roles?: boolean;
}

export interface RunDeps {
  readonly host: Host;
  /** Full reads; a VM that is gone is left out. Fails when it could not be read. */
  readonly readVms: (ids: readonly Guid[], where: Where) => Promise<readonly Vm[] | Failure>;
  /** This PC as it is known: what is free is free over it too. Its addresses and routes are read again just before. */
  readonly root?: () => Machine | null;
  readonly readNetwork?: () => Promise<Failure | undefined>;
  /** Resolves when it is written down and flushed; false: that cannot be done, and it is only told. Never rejects. */
  readonly record: (happening: RunHappening) => Promise<boolean>;
  /** Plans the rest for one VM as it is now. */
  readonly planAgain: (goal: VmGoal, vm: Vm, firstNumber: number) => PlanResult;
  /** Waits for a turn at this VM: two changes on one VM never overlap, over all runs. */
  readonly lock: (vm: PathKey) => Promise<() => void>;
  /** Seconds, on the app's clock. */
  readonly wait: (seconds: number) => Promise<void>;
  /** Seconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** Seconds that a VM may be on its way after a call without a reply (design §6). */
const SETTLE_WITHIN = 120;
/** Seconds until one can look into a guest that was started: Windows may be installing updates (domain §2). */
const BOOTS_WITHIN = 900;

/** The reason of a stop that no person asked for: the sign-in ends. What was under way is finished, and what ran before runs again. */
export const INTERRUPTED = 'interrupted';
const isInterrupted = ({ signal }: RunDeps): boolean => signal.aborted && signal.reason === INTERRUPTED;

const isStopped = ({ signal }: RunDeps): boolean => signal.aborted;

interface ChainDeps extends RunDeps {
  /** All of this run is written down so far: else it could not be undone. And nothing has interrupted it. */
  readonly canBegin: () => boolean;
}

export async function runPlan(plan: Plan, deps: RunDeps): Promise<RunOutcome> {
  let isAllWritten = true;
  const record = async (happening: RunHappening): Promise<boolean> => {
    const isWritten = await deps.record(happening);
    isAllWritten &&= isWritten;
    return isWritten;
  };
  await record({ kind: 'started' });
  const chainDeps: ChainDeps = { ...deps, record, canBegin: () => isAllWritten && !isInterrupted(deps) };
  const outcome = outcomeOf(await Promise.all(plan.chains.map((chain) => runChain(plan, chain, chainDeps))));
  // It has no outcome then: the next start asks what becomes of the rest.
  if (isInterrupted(deps) && outcome !== 'done') return outcome;
  await record({ kind: 'ended', outcome });
  return outcome;
}

type ChainOutcome = RunOutcome;

function outcomeOf(outcomes: readonly ChainOutcome[]): RunOutcome {
  const [first = 'done'] = outcomes;
  if (outcomes.every((outcome) => outcome === first)) return first;
  return outcomes.includes('unknown') ? 'unknown' : 'partly';
}

async function runChain(plan: Plan, chain: Chain, deps: ChainDeps): Promise<ChainOutcome> {
  // What happens in a machine and what happens to it never overlap either.
  const release = await deps.lock(keyOf([chain.at?.[0] ?? chain.vm]));
  try {
    return await carryOut(plan, chain, deps);
  } finally {
    release();
  }
}

interface Expected {
  readonly values: Map<ChangePath, Value>;
}

/** What a chain owes its VM: `perhaps` once it was asked to go down, `start` once it has. */
type Owed = 'nothing' | 'perhaps' | 'start';

async function carryOut(plan: Plan, first: Chain, deps: ChainDeps): Promise<ChainOutcome> {
  const id = keyOfVm(first);
  const at = first.at ?? [];
  let steps = [...first.steps];
  let expected: Expected = { values: new Map(first.basis.map(({ path, value }) => [path, value])) };
  let done = 0;
  /** A VM that this run has begun to bring down is to run again as the plan had said, whatever comes. */
  let owed: Owed = 'nothing';
  /** This run has started or resumed the VM: who is inside may take a while until it answers. */
  let cameUp = false;
  const step: TellStep = (one, state, more = {}) => deps.record({ kind: 'step', vm: id, step: one.id, state, ...more });
  /** Nothing new is begun any more: only the step is left that starts the VM again. `null`: what is left is not told. */
  const end = async (
    left: readonly Step[],
    how: 'skipped' | 'cancelled' | null,
    say: readonly RunHappening[] = [],
  ): Promise<StartedAgain | 'nothing'> => {
    const closing = owed === 'nothing' ? undefined : left.find((one) => isCall(one, 'Start-VM'));
    if (how) for (const one of left) if (one !== closing) await step(one, how);
    const started = closing ? await startAgain(closing, at, owed, deps, step) : 'nothing';
    if (how && closing && started === 'not-owed') await step(closing, how);
    for (const one of say) await deps.record(one);
    return started;
  };
  const partlyOr = (outcome: ChainOutcome): ChainOutcome => (done > 0 ? 'partly' : outcome);

  for (let index = 0; index < steps.length; index++) {
    const current = steps[index];
    if (!current) break;
    const rest = steps.slice(index + 1);
    const left = [current, ...rest];
    if (!deps.canBegin()) {
      // What was interrupted is asked about at the next start; of a journal that is full the person hears now.
      const isAsked = isInterrupted(deps);
      const started = await end(left, isAsked ? null : 'skipped');
      if (started === 'done' && rest.length === 0) return 'done';
      if (!isAsked) await deps.record(unwritable(first));
      if (started === 'unknown') return 'unknown';
      if (started === 'done') done++;
      return partlyOr(isAsked ? 'cancelled' : 'failed');
    }
    if (deps.signal.aborted) {
      await end(left, 'cancelled');
      return partlyOr('cancelled');
    }

    const read = await readSettled(deps, at, current, cameUp);
    // Nothing is begun any more: what was in the way of reading is no failure of the step.
    if ('kind' in read && isStopped(deps)) {
      index--;
      continue;
    }
    if ('kind' in read) {
      await step(current, 'failed', { failure: read });
      await end(rest, 'skipped');
      return partlyOr('failed');
    }
    const because = differences(read, expected).filter((change) => !isAwaited(current, change));
    if (because.length > 0) {
      const answer = await again(plan, first, read, steps.slice(index), because, deps);
      if (answer.kind === 'done') return 'done';
      if (answer.kind === 'stopped') {
        await end(left, 'skipped');
        return partlyOr('failed');
      }
      steps = [...answer.chain.steps];
      expected = { values: new Map(answer.chain.basis.map(({ path, value }) => [path, value])) };
      index = -1;
      continue;
    }

    if (isShutDown(current) && cannotBeAsked(read)) {
      // Without its shutdown service Stop-VM asks a person, who could let it turn the VM off (facts: stop-no-shutdown-ic).
      await end(left, 'skipped', [offerTurningOff(first, 'plan.stoppedCannotAsk')]);
      return partlyOr('failed');
    }

    if (current.makes?.what === 'nat') await deps.readNetwork?.();
    // Where the list could not be read, nobody could tell afterwards which of them was made.
    const before = current.makes && read.guest && idsOf(read.guest, current.makes);
    const taken: Message | null =
      current.makes && !before
        ? { key: 'advice.natUnread', params: { vm: first.name } }
        : current.makes && read.guest
          ? problemOfMaking(deps.root?.() ?? null, read.guest, current.makes)
          : null;
    if (taken) {
      await end(left, 'skipped', [{ kind: 'stopped', vm: id, why: taken, offer: 'review' }]);
      return partlyOr('failed');
    }

    // While it was read, which may take minutes: nothing is begun any more.
    if (!deps.canBegin()) {
      index--;
      continue;
    }
    const found = current.changes.map(({ path, from, to }) => ({ path, from: valueAt(read, path) ?? from, to }));
    if (!(await step(current, 'running', { found, ...(before && { before }) }))) {
      // Not written down: looked at again from the top, where only a start that is owed goes on.
      index--;
      continue;
    }
    if (isGoingDown(current) && first.power?.before !== 'off') owed = 'perhaps';
    if (isCall(current, 'Start-VM')) owed = 'nothing';
    cameUp ||= isCall(current, 'Start-VM') || isCall(current, 'Resume-VM');
    const result = await act(at, current, deps);
    if (result.kind === 'failed' || result.kind === 'refused') {
      const wasStopped = result.failure.kind === 'cancelled';
      // What was waited for is left: like the steps after it.
      if (wasStopped && isInterrupted(deps)) return partlyOr('cancelled');
      const left = wasStopped ? {} : await leftBy(deps, at, current, read, before);
      const isUnknown = result.kind === 'refused' && left === undefined;
      await step(current, wasStopped ? 'cancelled' : isUnknown ? 'unknown' : 'failed', {
        failure: result.failure,
        ...left,
      });
      await end(rest, wasStopped ? 'cancelled' : 'skipped', [
        ...(isShutDown(current) && !isNotTheGuest(result.failure) ? [offerTurningOff(first)] : []),
        ...(isHeld(current, read, result.failure) ? [offerWhileOff(first)] : []),
      ]);
      if (isUnknown) return 'unknown';
      return partlyOr(wasStopped ? 'cancelled' : 'failed');
    }
    const after = await settle(at, current, deps, result.kind === 'unknown');
    if ('kind' in after) {
      // Taken or not, nobody can say now: also after an answer without an error.
      await step(current, 'unknown', { failure: after });
      await end(rest, 'skipped');
      return 'unknown';
    }
    const readBack = readBackOf(current, after);
    const along = movedAlong(current, read, after);
    const made = madeIn(current, after, before);
    const took =
      current.changes.every(({ path, to }) => isReached(valueAt(after, path), to)) &&
      (current.makes === undefined || made !== undefined);
    if (!took) {
      const isUnread = readBack.length < current.changes.length || !isListed(current, after);
      const isUnknown = result.kind === 'unknown' || isUnread;
      const why: Failure = { kind: isUnread ? 'unknown-outcome' : 'not-taken' };
      // A change without a reply that did not take is never tried again silently.
      await step(current, isUnknown ? 'unknown' : 'failed', {
        failure: result.kind === 'unknown' ? result.failure : why,
        readBack: [...readBack, ...along],
      });
      await end(rest, 'skipped', [
        // A guest that hangs was asked too, and did not go.
        ...(isShutDown(current) ? [offerTurningOff(first)] : []),
        ...(isHeld(current, read, why) ? [offerWhileOff(first)] : []),
      ]);
      return isUnknown ? 'unknown' : partlyOr('failed');
    }
    await step(current, 'done', { readBack: [...readBack, ...along], ...(made ? { made } : {}) });
    if (owed === 'perhaps' && isGoingDown(current)) owed = 'start';
    done++;
    for (const { path, to } of current.changes) expected.values.set(path, valueAt(after, path) ?? to);
    for (const { path, to } of along) if (expected.values.has(path)) expected.values.set(path, to);
  }
  return 'done';
}

type StepTold = Extract<RunHappening, { kind: 'step' }>;
type TellStep = (step: Step, state: StepState, more?: Partial<StepTold>) => Promise<boolean>;
/** `not-owed`: it runs, or is neither on nor off, so that nobody knows whether it may be started. */
type StartedAgain = 'done' | 'failed' | 'unknown' | 'not-owed';

/** The VM that a chain has brought down runs again, though the chain ends early. Never planned anew. */
async function startAgain(
  start: Step,
  at: MachineRef,
  owed: Owed,
  deps: RunDeps,
  step: TellStep,
): Promise<StartedAgain> {
  const read = await readSettled(deps, at, start, false);
  if ('kind' in read) {
    await step(start, 'failed', { failure: read });
    return 'failed';
  }
  if (powerOf(read) !== 'off') {
    // Somebody else was quicker.
    if (owed !== 'start' || powerOf(read) !== 'running') return 'not-owed';
    await step(start, 'done', { readBack: readBackOf(start, read) });
    return 'done';
  }
  await step(start, 'running', { found: start.changes });
  const result = await act(at, start, deps);
  if (result.kind === 'failed' || result.kind === 'refused') {
    await step(start, 'failed', { failure: result.failure });
    return 'failed';
  }
  const after = await settle(at, start, deps, result.kind === 'unknown');
  if ('kind' in after) {
    await step(start, 'unknown', { failure: after });
    return 'unknown';
  }
  const readBack = readBackOf(start, after);
  if (powerOf(after) === 'running') {
    await step(start, 'done', { readBack });
    return 'done';
  }
  const failure: Failure = result.kind === 'unknown' ? result.failure : { kind: 'not-taken' };
  await step(start, result.kind === 'unknown' ? 'unknown' : 'failed', { failure, readBack });
  return result.kind === 'unknown' ? 'unknown' : 'failed';
}

/** The values of a step as they are read after it. */
const readBackOf = ({ changes }: Step, after: Vm): readonly Change[] =>
  changes.flatMap(({ path, from }): readonly Change[] => {
    const now = valueAt(after, path);
    return now === undefined ? [] : [{ path, from, to: now }];
  });

/** What was refused may have been done in part. undefined: that cannot be read now. */
async function leftBy(
  deps: RunDeps,
  at: MachineRef,
  step: Step,
  was: Vm,
  before: readonly string[] | undefined,
): Promise<Pick<StepTold, 'readBack' | 'made'> | undefined> {
  if ('wait' in step.do) return {};
  const after = await readOne(deps, at, step, true);
  if ('kind' in after || !isListed(step, after)) return undefined;
  const readBack = readBackOf(step, after);
  if (readBack.length < step.changes.length) return undefined;
  const made = madeIn(step, after, before);
  return { readBack: [...readBack, ...movedAlong(step, was, after)], ...(made && { made }) };
}

/** The list that would show what the step makes was read. */
const isListed = ({ makes }: Step, { guest }: Vm): boolean =>
  makes === undefined || (guest !== undefined && idsOf(guest, makes) !== undefined);

const madeIn = ({ makes }: Step, { guest }: Vm, before: readonly string[] = []): Thing | undefined =>
  makes && guest && madeBy(guest, makes, before);

const isCall = ({ do: act }: Step, cmdlet: HostCall['cmdlet']): boolean => 'call' in act && act.call.cmdlet === cmdlet;
const isShutDown = (step: Step): boolean => isCall(step, 'Stop-VM');
const isGoingDown = (step: Step): boolean => isShutDown(step) || isCall(step, 'Stop-VM/TurnOff');

const unwritable = (chain: Chain): RunHappening => ({
  kind: 'stopped',
  vm: keyOfVm(chain),
  why: { key: 'plan.stoppedUnwritable', params: { vm: chain.name } },
});

const offerTurningOff = (
  chain: Chain,
  key: 'plan.stoppedShutDown' | 'plan.stoppedCannotAsk' = 'plan.stoppedShutDown',
): RunHappening => ({
  kind: 'stopped',
  vm: keyOfVm(chain),
  why: { key, params: { vm: chain.name } },
  offer: 'turn-off',
});

const offerWhileOff = (chain: Chain): RunHappening => ({
  kind: 'stopped',
  vm: keyOfVm(chain),
  why: { key: 'plan.stoppedHeld', params: { vm: chain.name } },
  offer: 'while-off',
});

/** Refused as it runs; what lacks rights or memory would be refused while it is off as well. */
const isHeld = (step: Step, vm: Vm, { kind }: Failure): boolean =>
  isCall(step, 'Set-VMMemory') &&
  powerOf(vm) === 'running' &&
  (kind === 'wrong-state' || kind === 'not-supported' || kind === 'unexpected' || kind === 'not-taken');

/** Windows may move one value of the memory with another: what it moved goes back too. */
const movedAlong = (step: Step, before: Vm, after: Vm): readonly Change[] =>
  isCall(step, 'Set-VMMemory')
    ? memoryPaths(step.vm).flatMap((path): readonly Change[] => {
        if (step.changes.some((change) => change.path === path)) return [];
        const [from, to] = [valueAt(before, path), valueAt(after, path)];
        return from === undefined || to === undefined || from === to ? [] : [{ path, from, to }];
      })
    : [];

/** Turning off would be refused for the same reason, or is none of the guest's doing. */
export const isNotTheGuest = ({ kind }: Failure): boolean =>
  kind === 'access-denied' || kind === 'not-found' || kind === 'module-missing' || kind === 'module-blocked';

/** Known not to answer; where it could not be read, asking may be tried. */
const cannotBeAsked = ({ shutdownService }: Vm): boolean =>
  shutdownService === 'off' || shutdownService === 'not-answering';

async function readOne(deps: RunDeps, at: MachineRef, step: Step, looksIn: boolean): Promise<Vm | Failure> {
  const read = await deps.readVms([step.vm], { at, ...(looksIn ? insideOf(at, step) : {}) });
  if ('kind' in read) return read;
  return read.find((vm) => vm.id === step.vm) ?? { kind: 'not-found' };
}

/** The machines that must be looked into for a step: those that its call goes through, beyond the one that its VM is in. */
function insideOf(at: MachineRef, { do: act, vm }: Step): Pick<Where, 'inside' | 'roles'> {
  const inner = 'call' in act ? act.call.at : 'role' in act.wait ? [...at, vm] : at;
  const inside = inner.slice(at.length).map((_, index) => inner.slice(0, at.length + index + 1));
  if (inside.length === 0) return {};
  const roles = 'wait' in act || act.call.cmdlet.includes('WindowsOptionalFeature');
  return { inside, roles };
}

/** What a step waits for may have come before it was asked. */
const isAwaited = ({ do: act, changes }: Step, change: Change): boolean =>
  'wait' in act && changes.some(({ path, to }) => path === change.path && to === change.to);

/** A guest that was started just now cannot be asked yet; one that never answers is not waited for. */
const isJustStarted = ({ state, shutdownService, uptime }: Vm): boolean =>
  state === 'Running' && shutdownService === 'not-answering' && uptime !== undefined && uptime < SETTLE_WITHIN;

/**
 * As it is when nothing is under way: what somebody else has begun is waited for. Turning off ends what hangs on its way.
 * `cameUp`: earlier steps of the chain have started or resumed it, so its services may take a moment, whatever its uptime.
 */
function readSettled(deps: RunDeps, at: MachineRef, step: Step, cameUp: boolean): Promise<Vm | Failure> {
  // What is waited for is looked at then: until it is there the machine may refuse in every way.
  const looksIn = !('wait' in step.do);
  const isBooting = cameUp && looksIn && insideOf(at, step).inside !== undefined;
  const isAtRest = (vm: Vm): boolean =>
    vm.state === undefined ||
    isCall(step, 'Stop-VM/TurnOff') ||
    (powerOf(vm) !== undefined &&
      !(isShutDown(step) && (isJustStarted(vm) || (cameUp && vm.shutdownService === 'not-answering'))));
  return pollUntil(at, step, deps, isBooting ? BOOTS_WITHIN : SETTLE_WITHIN, isAtRest, { looksIn, isBooting });
}

/** Values that are known and not what they were; what cannot be read now is not taken for a change. */
function differences(vm: Vm, { values }: Expected): readonly Change[] {
  return [...values].flatMap(([path, from]) => {
    const now = valueAt(vm, path);
    return now === undefined || now === from ? [] : [{ path, from, to: now }];
  });
}

type Again =
  { readonly kind: 'done' } | { readonly kind: 'stopped' } | { readonly kind: 'go-on'; readonly chain: Chain };

async function again(
  plan: Plan,
  old: Chain,
  vm: Vm,
  left: readonly Step[],
  because: readonly Change[],
  deps: RunDeps,
): Promise<Again> {
  const key = keyOfVm(old);
  const goal = plan.wants.find((want) => keyOfVm(want) === key);
  const first = left[0]?.number ?? 1;
  const result: PlanResult = goal ? deps.planAgain(withPower(goal, old), vm, first) : { kind: 'already-so' };
  if (result.kind === 'already-so') {
    await deps.record({ kind: 'replanned', vm: key, because, chain: emptyChain(old, vm) });
    return { kind: 'done' };
  }
  const params = { vm: vm.name };
  if (result.kind === 'blocked') {
    await deps.record({ kind: 'stopped', vm: key, why: { key: 'plan.stoppedBlocked', params }, offer: 'review' });
    return { kind: 'stopped' };
  }
  const [chain] = result.plan.chains;
  const missing = result.plan.consents.some(({ consent }) => !agreed(plan, key, consent));
  if (!chain || missing || doesMore(chain.steps, left)) {
    await deps.record({ kind: 'stopped', vm: key, why: { key: 'plan.stoppedReview', params }, offer: 'review' });
    return { kind: 'stopped' };
  }
  await deps.record({ kind: 'replanned', vm: key, because, chain });
  return { kind: 'go-on', chain };
}

const emptyChain = ({ at, vm }: Chain, { name }: Vm): Chain => ({
  ...(at && { at }),
  vm,
  name,
  steps: [],
  power: null,
  basis: [],
  nested: [],
});

const agreed = (plan: Plan, vm: PathKey, consent: Consent): boolean =>
  plan.consents.some((one) => one.consent === consent && one.vms.includes(vm));

/** The VM is to be as the plan said it would be after: one that ran before runs again, though it is off in the middle. */
function withPower(goal: VmGoal, { power }: Chain): VmGoal {
  return power && goal.want.power === undefined ? { ...goal, want: { ...goal.want, power: power.after } } : goal;
}

/** It would touch something that was not shown: a value or an act that the rest of the old plan did not have. */
function doesMore(steps: readonly Step[], left: readonly Step[]): boolean {
  const shown = new Set(left.map(actOf));
  return steps.some((step) => !shown.has(actOf(step)));
}
const actOf = (step: Step): string =>
  'call' in step.do ? JSON.stringify([step.do.call.cmdlet, step.do.call.on, step.do.call.params]) : 'wait';

/** `refused`: Windows answered with an error, and may have done it in part. `failed`: it was not begun, or waited for in vain. */
type Acted = { readonly kind: 'done' } | { readonly kind: 'failed' | 'refused' | 'unknown'; readonly failure: Failure };

async function act(at: MachineRef, step: Step, deps: RunDeps): Promise<Acted> {
  if ('wait' in step.do) return waitFor(at, step, step.do, deps);
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
  if (!failure) return { kind: 'done' };
  // Without a record of Windows' own it was never sent; where nobody got in, nothing was done.
  return { kind: failure.record && !neverIn.includes(failure.kind) ? 'refused' : 'failed', failure };
}

async function waitFor(
  at: MachineRef,
  step: Step,
  { wait, atMost }: Extract<Step['do'], { readonly wait: unknown }>,
  deps: RunDeps,
): Promise<Acted> {
  const holds = (vm: Vm): boolean =>
    'role' in wait ? isReady(vm, wait.role, wait.is) : (vm.heartbeat?.startsWith('Ok') ?? false);
  const vm = await pollUntil(at, step, deps, atMost, (one) => holds(one) || deps.signal.aborted);
  if ('kind' in vm) return { kind: 'failed', failure: vm };
  if (holds(vm)) return { kind: 'done' };
  return { kind: 'failed', failure: { kind: deps.signal.aborted ? 'cancelled' : 'timed-out' } };
}

/** After a call: power may still be on its way; without a reply, first wait until nothing is under way, then read. */
async function settle(at: MachineRef, step: Step, deps: RunDeps, isUnknown: boolean): Promise<Vm | Failure> {
  const isPower = step.kind === 'power' && 'call' in step.do;
  const atMost = isPower || isUnknown ? SETTLE_WITHIN : step.kind === 'inside' ? APPEARS_WITHIN : 0;
  return pollUntil(at, step, deps, atMost, (vm) => {
    if (powerOf(vm) === undefined) return false;
    if (!isPower && step.makes && !isMade(vm, step)) return isUnknown;
    return isUnknown || step.changes.every(({ path, to }) => isReached(valueAt(vm, path), to));
  });
}
const isMade = ({ guest }: Vm, { makes }: Step): boolean =>
  makes === undefined || (guest !== undefined && madeBy(guest, makes, []) !== undefined);

/** Seconds until what was made or set inside shows in what is read: an adapter of a new switch takes a moment. */
const APPEARS_WITHIN = 15;

/** Proof of a role (domain §2): for Hyper-V all that it takes to be ready, for the others that the feature is on. */
function isReady(vm: Vm, role: Role, is: boolean): boolean {
  const state = vm.guest?.inside?.roles[role];
  if (!is) return state === 'Disabled' || state === 'Absent' || state === 'DisabledWithPayloadRemoved';
  const readiness = readinessOf(vm, role);
  if (readiness.kind === 'ready') return true;
  // Whether a hypervisor runs is settled at boot: waiting brings none. The end page says what is missing.
  return readiness.kind === 'hypervisor' && readiness.cause === 'launch-type';
}

/** A session that was lost comes back by itself: asked again while there is time. */
const comesBack: readonly Failure['kind'][] = ['session-lost', 'timed-out', 'guest-busy'];
/** So does a guest that restarts: it refuses in every way until its services are up. */
const bootsYet: readonly Failure['kind'][] = [...comesBack, 'guest-not-answering', 'credential-refused', 'wrong-state'];

/** Reads until the condition holds or the time is over; the last reading either way. The pause grows to five seconds. */
async function pollUntil(
  at: MachineRef,
  step: Step,
  deps: RunDeps,
  atMost: number,
  holds: (vm: Vm) => boolean,
  { looksIn = true, isBooting = 'wait' in step.do } = {},
): Promise<Vm | Failure> {
  const end = deps.now() + atMost;
  const passing = isBooting ? bootsYet : comesBack;
  for (let pause = 0.25; ; pause = Math.min(pause * 2, 5)) {
    const vm = await readOne(deps, at, step, looksIn);
    const isOver = deps.now() >= end;
    const isStopped = isBooting && deps.signal.aborted;
    if ('kind' in vm ? !passing.includes(vm.kind) || isOver || isStopped : holds(vm) || isOver) return vm;
    await deps.wait(pause);
  }
}
