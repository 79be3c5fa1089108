/** One chain being carried out: before each step its VM is read, and after it what came of it. */
import { hostOf, isVmRef, type MachineRef, type VmRef } from '../cmdlets/ref.js';
import type { Chain, Plan, Step } from '../change/step.js';
import { valueAt } from '../change/values.js';
import type { Failure } from '../cmdlets/call.js';
import type { Machine, Vm } from '../machine/machine.js';
import { homeIn, type Seen } from '../machine/seen.js';
import { machineAt } from '../machine/tree.js';
import { powerOf } from '../machine/vm-state.js';
import { problemOfMaking } from '../network/things.js';
import { isInterrupted, isStopped, type RunDeps } from './deps.js';
import type { RunHappening, RunOutcome, StepState, StepTold } from './record.js';
import { afterRestart, expectedBy, replan, unexpected, type Expected } from './replan.js';
import {
  act,
  idsBefore,
  isListed,
  isNotTheGuest,
  isTaken,
  madeIn,
  partialChanges,
  readBackOf,
  refusedWhileRunning,
  sideEffects,
  type Acted,
} from './step-end.js';
import { isCall, isGoingDown, isShutDown } from './step-kinds.js';
import { readAfter, readSettled } from './waiting.js';

export interface ChainDeps extends RunDeps {
  /** All of this run is written down so far: else it could not be undone. And nothing has interrupted it. */
  readonly canBegin: () => boolean;
}

/** What a chain owes its VM: `perhaps` once it was asked to go down, `start` once it has. */
type Owed = 'nothing' | 'perhaps' | 'start';

/** `not-owed`: it runs, or is neither on nor off, so that nobody knows whether it may be started. */
type StartedAgain = 'done' | 'failed' | 'unknown' | 'not-owed';

/** A step that was begun: its VM as it was just before, and the ids of what it makes that were there. */
interface Begun {
  readonly step: Step;
  readonly was: Seen;
  readonly before: readonly string[] | undefined;
}

export class ChainRun {
  readonly #id: VmRef;
  /** Still to come, the current step first. */
  #left: readonly Step[];
  #expected: Expected;
  #done = 0;
  /** A VM that this run has begun to bring down is to run again as the plan had said, whatever comes. */
  #owed: Owed = 'nothing';
  /** This run has started or resumed the VM: who is inside may take a while until it answers. */
  #cameUp = false;

  constructor(
    private readonly plan: Plan,
    private readonly chain: Chain,
    private readonly deps: ChainDeps,
  ) {
    this.#id = chain.vm;
    this.#left = chain.steps;
    this.#expected = expectedBy(chain);
  }

  async run(): Promise<RunOutcome> {
    for (let [current] = this.#left; current; [current] = this.#left) {
      const outcome = await this.#carryOut(current);
      if (outcome !== undefined) return outcome;
    }
    return 'done';
  }

  /** undefined: the chain goes on, with the next step or, where nothing was begun, with another look at this one. */
  async #carryOut(current: Step): Promise<RunOutcome | undefined> {
    const { deps } = this;
    if (!deps.canBegin()) return this.#endEarly();
    if (isStopped(deps)) return this.#giveUp('cancelled', this.#left);

    const read = await readSettled(deps, current, this.#cameUp);
    // Nothing is begun any more: what was in the way of reading is no failure of the step.
    if ('kind' in read) return isStopped(deps) ? undefined : this.#failed(current, 'failed', { failure: read });
    const because = unexpected(read, this.#expected, current);
    if (because.length > 0) {
      const again = await replan(this.plan, this.chain, read.vm, this.#left, because, deps);
      if (again.kind === 'done') return 'done';
      if (again.kind === 'stopped') return this.#giveUp('failed', this.#left);
      this.#left = again.chain.steps;
      this.#expected = expectedBy(again.chain);
      return undefined;
    }
    if (current.makes?.what === 'nat') await deps.readNetwork?.();
    // Where the list could not be read, nobody could tell afterwards which of them was made.
    const before = current.makes && idsBefore(current.makes, read);
    const obstacle = this.#obstacleTo(current, read, before);
    if (obstacle) return this.#giveUp('failed', this.#left, [obstacle]);

    const begun = { step: current, was: read, before };
    if (!(await this.#begin(begun))) return undefined;
    const acted = await act(current, deps);
    return acted.kind === 'failed' || acted.kind === 'refused'
      ? this.#refused(begun, acted)
      : this.#after(begun, acted.kind === 'unknown' ? acted.failure : undefined);
  }

  #obstacleTo(step: Step, read: Seen, before: readonly string[] | undefined): RunHappening | undefined {
    // Without its shutdown service Stop-VM asks a person, who could let it turn the VM off (facts: stop-no-shutdown-ic).
    if (isShutDown(step) && cannotBeAsked(read.vm)) return offerTurningOff(this.chain, 'plan.stoppedCannotAsk');
    if (!step.makes) return undefined;
    const { at } = step.makes;
    const home = homeIn(read, at);
    const why =
      !before || !home
        ? ({ key: 'advice.natUnread', params: { vm: this.chain.name } } as const)
        : problemOfMaking(this.#around(at), home, step.makes);
    return why ? { kind: 'stopped', vm: this.#id, why, offer: 'review' } : undefined;
  }

  /** What that machine is in, as the plan asked it: prefixes in use there are not free. */
  #around(at: MachineRef): Machine | null {
    return isVmRef(at) ? (machineAt(this.deps.root?.() ?? null, hostOf(at)) ?? null) : null;
  }

  /** false: it was not begun. It is looked at again from the top, where only a start that is owed goes on. */
  async #begin({ step, was, before }: Begun): Promise<boolean> {
    // While it was read, which may take minutes.
    if (!this.deps.canBegin()) return false;
    const found = step.changes.map(({ path, from, to }) => ({
      path,
      from: valueAt(was.vm, path, was.around) ?? from,
      to,
    }));
    if (!(await this.#tell(step, 'running', { found, ...(before && { before }) }))) return false;
    if (isGoingDown(step) && this.chain.power?.before !== 'off') this.#owed = 'perhaps';
    if (isCall(step, 'Start-VM')) this.#owed = 'nothing';
    this.#cameUp ||= isCall(step, 'Start-VM') || isCall(step, 'Resume-VM');
    return true;
  }

  async #refused(begun: Begun, { kind, failure }: Extract<Acted, { readonly failure: Failure }>): Promise<RunOutcome> {
    const { step, was, before } = begun;
    const wasStopped = failure.kind === 'cancelled';
    // What was waited for is left: like the steps after it.
    if (wasStopped && isInterrupted(this.deps)) return this.#partlyOr('cancelled');
    // What was never begun, or only waited for, has changed nothing.
    const partial = wasStopped || kind !== 'refused' ? {} : await partialChanges(this.deps, step, was, before);
    const isUnknown = partial === undefined;
    return this.#failed(step, wasStopped ? 'cancelled' : isUnknown ? 'unknown' : 'failed', { failure, ...partial }, [
      ...(isShutDown(step) && !isNotTheGuest(failure) ? [offerTurningOff(this.chain)] : []),
      ...(refusedWhileRunning(step, was.vm, failure) ? [offerWhileOff(this.chain)] : []),
    ]);
  }

  /** `unknown`: the call had no reply. */
  async #after({ step, was, before }: Begun, unknown: Failure | undefined): Promise<RunOutcome | undefined> {
    const after = await readAfter(step, this.deps, unknown !== undefined);
    // Taken or not, nobody can say now: also after an answer without an error.
    if ('kind' in after) return this.#failed(step, 'unknown', { failure: after });
    const readBack = readBackOf(step, after);
    const along = sideEffects(step, was.vm, after.vm);
    const made = madeIn(step, after, before);
    if (!isTaken(step, after, made)) {
      const isUnread = readBack.length < step.changes.length || !isListed(step, after);
      const why: Failure = { kind: isUnread ? 'unknown-outcome' : 'not-taken' };
      // A change without a reply that did not take is never tried again silently.
      const told = { failure: unknown ?? why, readBack: [...readBack, ...along] };
      return this.#failed(step, unknown || isUnread ? 'unknown' : 'failed', told, [
        // A guest that hangs was asked too, and did not go.
        ...(isShutDown(step) ? [offerTurningOff(this.chain)] : []),
        ...(refusedWhileRunning(step, was.vm, why) ? [offerWhileOff(this.chain)] : []),
      ]);
    }
    await this.#tell(step, 'done', { readBack: [...readBack, ...along], ...(made ? { made } : {}) });
    if (this.#owed === 'perhaps' && isGoingDown(step)) this.#owed = 'start';
    this.#done++;
    for (const { path, to } of step.changes) this.#expected.set(path, valueAt(after.vm, path, after.around) ?? to);
    for (const { path, to } of along) if (this.#expected.has(path)) this.#expected.set(path, to);
    if (isCall(step, 'Start-VM')) this.#expected = afterRestart(this.#expected);
    this.#left = this.#left.slice(1);
    return undefined;
  }

  #tell(step: Step, state: StepState, more: Partial<StepTold> = {}): Promise<boolean> {
    return this.deps.record({ kind: 'step', vm: this.#id, step: step.id, state, ...more });
  }

  async #failed(
    step: Step,
    state: 'failed' | 'unknown' | 'cancelled',
    told: Partial<StepTold>,
    say: readonly RunHappening[] = [],
  ): Promise<RunOutcome> {
    await this.#tell(step, state, told);
    return this.#giveUp(state, this.#left.slice(1), say);
  }

  async #giveUp(
    outcome: 'failed' | 'unknown' | 'cancelled',
    left: readonly Step[],
    say: readonly RunHappening[] = [],
  ): Promise<RunOutcome> {
    await this.#end(left, outcome === 'cancelled' ? 'cancelled' : 'skipped', say);
    return outcome === 'unknown' ? outcome : this.#partlyOr(outcome);
  }

  #partlyOr(outcome: RunOutcome): RunOutcome {
    return this.#done > 0 ? 'partly' : outcome;
  }

  async #endEarly(): Promise<RunOutcome> {
    // What was interrupted is asked about at the next start; of a journal that is full the person hears now.
    const isAsked = isInterrupted(this.deps);
    const started = await this.#end(this.#left, isAsked ? null : 'skipped');
    if (started === 'done' && this.#left.length === 1) return 'done';
    if (!isAsked) await this.deps.record(unwritable(this.chain));
    if (started === 'unknown') return 'unknown';
    if (started === 'done') this.#done++;
    return this.#partlyOr(isAsked ? 'cancelled' : 'failed');
  }

  /** Nothing new is begun any more: only the step is left that starts the VM again. `null`: what is left is not told. */
  async #end(
    left: readonly Step[],
    how: 'skipped' | 'cancelled' | null,
    say: readonly RunHappening[] = [],
  ): Promise<StartedAgain | 'nothing'> {
    const closing = this.#owed === 'nothing' ? undefined : left.find((one) => isCall(one, 'Start-VM'));
    if (how) for (const one of left) if (one !== closing) await this.#tell(one, how);
    const started = closing ? await this.#startAgain(closing) : 'nothing';
    if (how && closing && started === 'not-owed') await this.#tell(closing, how);
    for (const one of say) await this.deps.record(one);
    return started;
  }

  /** The VM that a chain has brought down runs again, though the chain ends early. Never planned anew. */
  async #startAgain(start: Step): Promise<StartedAgain> {
    const { deps } = this;
    const ended = async (state: 'done' | 'failed' | 'unknown', told: Partial<StepTold>): Promise<StartedAgain> => {
      await this.#tell(start, state, told);
      return state;
    };
    const read = await readSettled(deps, start, false);
    if ('kind' in read) return ended('failed', { failure: read });
    if (powerOf(read.vm) !== 'off') {
      // Somebody else was quicker.
      if (this.#owed !== 'start' || powerOf(read.vm) !== 'running') return 'not-owed';
      return ended('done', { readBack: readBackOf(start, read) });
    }
    await this.#tell(start, 'running', { found: start.changes });
    const acted = await act(start, deps);
    if (acted.kind === 'failed' || acted.kind === 'refused') return ended('failed', { failure: acted.failure });
    const after = await readAfter(start, deps, acted.kind === 'unknown');
    if ('kind' in after) return ended('unknown', { failure: after });
    const readBack = readBackOf(start, after);
    if (powerOf(after.vm) === 'running') return ended('done', { readBack });
    return acted.kind === 'unknown'
      ? ended('unknown', { failure: acted.failure, readBack })
      : ended('failed', { failure: { kind: 'not-taken' }, readBack });
  }
}

/** Known not to answer; where it could not be read, asking may be tried. */
const cannotBeAsked = ({ shutdownService }: Vm): boolean =>
  shutdownService === 'off' || shutdownService === 'not-answering';

const unwritable = (chain: Chain): RunHappening => ({
  kind: 'stopped',
  vm: chain.vm,
  why: { key: 'plan.stoppedUnwritable', params: { vm: chain.name } },
});

const offerTurningOff = (
  chain: Chain,
  key: 'plan.stoppedShutDown' | 'plan.stoppedCannotAsk' = 'plan.stoppedShutDown',
): RunHappening => ({
  kind: 'stopped',
  vm: chain.vm,
  why: { key, params: { vm: chain.name } },
  offer: 'turn-off',
});

const offerWhileOff = (chain: Chain): RunHappening => ({
  kind: 'stopped',
  vm: chain.vm,
  why: { key: 'plan.stoppedHeld', params: { vm: chain.name } },
  offer: 'while-off',
});
