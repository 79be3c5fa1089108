/** Plans and runs: what has been shown and may be started, what is under way, what was done. The window names them by id only. */
import type { VmRef } from '../core/cmdlets/ref.js';
import type { Failure } from '../core/cmdlets/call.js';
import type { Plan } from '../core/change/step.js';
import type { Consent, Goal, RunId } from '../core/machine/goal.js';
import type { RunRecord, Span } from '../core/run/record.js';
import type { ThreeWay } from '../core/run/undo.js';
import type { SettleHow, SettleResult, ShownPlan, StartResult } from '../ipc/schema.js';
import type { Head } from './journal-lines.js';
import { beginJournal } from './journal.js';
import { KnownRuns, type KnownRunsDeps } from './known-runs.js';
import { Plans, type PlansDeps } from './plans.js';
import { Recovery } from './recovery.js';
import { Runner, type Prepared, type RunnerDeps } from './runner.js';

type RunsDeps = KnownRunsDeps & PlansDeps & Omit<RunnerDeps, 'beginJournal'>;

export type PreparedRun =
  | Prepared
  | { readonly kind: 'changed'; readonly goal: Goal }
  | Extract<StartResult, { kind: 'consent-missing' | 'unknown-plan' }>;

export class Runs {
  readonly #known: KnownRuns;
  readonly #plans: Plans;
  readonly #runner: Runner;
  readonly #recovery: Recovery;

  private constructor(private readonly deps: RunsDeps) {
    this.#known = new KnownRuns(deps);
    this.#plans = new Plans(this.#known, deps);
    const journaling = { ...deps, beginJournal: (head: Head) => beginJournal(deps.folder, head) };
    this.#runner = new Runner(this.#known, journaling, (record, finishes) => this.#afterRun(record, finishes));
    this.#recovery = new Recovery(this.#known, {
      machine: deps.machine,
      plan: (goal) => this.plan(goal),
      start: (plan, consents, finishes) => this.start(plan, consents, finishes),
    });
  }

  static async open(deps: RunsDeps): Promise<Runs> {
    const runs = new Runs(deps);
    await runs.#known.read().catch(runs.#known.unwritable);
    return runs;
  }

  /** Newest first. */
  get records(): readonly RunRecord[] {
    return this.#known.all;
  }

  /** Those that were begun since the app was started. */
  get ownRecords(): readonly RunRecord[] {
    return this.#known.own;
  }

  /** Ids of the runs that are being carried out now. */
  get running(): readonly RunId[] {
    return this.#known.running;
  }

  get isBusy(): boolean {
    return this.#known.underWay.size > 0;
  }

  /** VMs that a run is changing now, and those that they are in. */
  get busyVms(): ReadonlySet<VmRef> {
    return this.#known.busyVms;
  }

  /** Runs that were cut short by the end of the app, and are not settled. */
  get cutShort(): readonly RunRecord[] {
    return this.#known.cutShort;
  }

  planOf(id: string): ShownPlan | undefined {
    return this.#plans.get(id);
  }

  plan(goal: Goal): Promise<ShownPlan | Failure> {
    return this.#plans.make(goal);
  }

  /**
   * Carries out a plan that was shown. The facts are read again first: a plan that no longer fits is shown anew. `finishes`: the run
   * that was cut short, and that is settled when this one has succeeded.
   */
  async start(id: string, consents: readonly Consent[], finishes?: RunId): Promise<StartResult> {
    const prepared = await this.prepare(id, consents, finishes === undefined ? {} : { finishes });
    if (prepared.kind === 'changed') return await this.#shownAnew(prepared.goal);
    if (prepared.kind !== 'ready') return prepared;
    prepared.go();
    return { kind: 'started', run: prepared.run };
  }

  /** All but the beginning: what is changed at once on several PCs begins on all of them, or on none. */
  async prepare(
    id: string,
    consents: readonly Consent[],
    how: { readonly finishes?: RunId; readonly span?: Span },
  ): Promise<PreparedRun> {
    const shown = this.#plans.get(id);
    if (shown?.result.kind !== 'ready') return { kind: 'unknown-plan' };
    const { plan } = shown.result;
    if (plan.consents.some(({ consent, given }) => !given && !consents.includes(consent)))
      return { kind: 'consent-missing' };
    // Taken before anything is waited for: a second click finds none.
    this.#plans.take(id);
    let prepared: PreparedRun | undefined;
    try {
      prepared = await this.#prepareTaken(plan, how);
      if (prepared.kind !== 'ready') return prepared;
      const { drop } = prepared;
      return { ...prepared, drop: () => drop().finally(() => this.#plans.giveBack(id, shown)) };
    } finally {
      if (prepared?.kind !== 'ready') this.#plans.giveBack(id, shown);
    }
  }

  async #prepareTaken(plan: Plan, how: { readonly finishes?: RunId; readonly span?: Span }): Promise<PreparedRun> {
    const fits = await this.#plans.stillFits(plan);
    if (typeof fits !== 'boolean') return { kind: 'unreadable', failure: fits };
    if (!fits) return { kind: 'changed', goal: plan.goal };
    const agreed = { ...plan, consents: plan.consents.map((one) => ({ ...one, given: true })) };
    return await this.#runner.prepare(agreed, how);
  }

  /** From the goal, not from the old wants: what somebody else has changed since is theirs now. */
  async #shownAnew(goal: Goal): Promise<StartResult> {
    const plan = await this.plan(goal);
    return 'kind' in plan ? { kind: 'unreadable', failure: plan } : { kind: 'changed', plan };
  }

  /** A run that undid another, or finished it, says so in the other's journal: once it has succeeded, not before. */
  async #afterRun(record: RunRecord, finishes: RunId | undefined): Promise<void> {
    const { id, goal, outcome } = record;
    const finished = this.#known.get(finishes ?? '');
    if (finished && outcome === 'done') await this.#known.settled(finished, 'finished');
    const undone = goal.kind === 'undo' && outcome === 'done' ? this.#known.get(goal.run) : undefined;
    if (undone && (await this.#isBack(undone.id))) await this.#known.undone(undone, id);
    this.deps.onRecord(record);
  }

  /** What could not be read is not known to be back: where nobody was signed in, it can be asked for again. */
  async #isBack(run: RunId): Promise<boolean> {
    const ways = await this.threeWay(run);
    return !('kind' in ways) && ways.every(({ verdict }) => verdict !== 'unknown' && verdict !== 'undo');
  }

  cancel(run: RunId): void {
    this.#runner.cancel(run);
  }

  /** The sign-in ends: every run goes to its next safe end, and none begins any more. */
  interrupt(): void {
    this.#runner.interrupt();
  }

  /** Resolves when nothing runs any more. */
  idle(): Promise<void> {
    return this.#runner.idle();
  }

  threeWay(run: RunId): Promise<readonly ThreeWay[] | Failure> {
    return this.#plans.threeWay(run);
  }

  /** A run that was cut short: carried on from what is so now, undone, or left as it is. */
  settle(run: RunId, how: SettleHow): Promise<SettleResult> {
    return this.#recovery.settle(run, how);
  }
}
