/** Runs that were cut short by the end of the app: carried on from what is so now, undone, or left as they are. */
import { hostOf, isWithin, type VmRef, type MachineRef } from '../core/cmdlets/ref.js';
import type { Failure } from '../core/cmdlets/call.js';
import { hasAgreed, type Plan } from '../core/change/step.js';
import type { Consent, Goal, RunId, VmGoal } from '../core/machine/goal.js';
import type { Machine } from '../core/machine/machine.js';
import { vmAt } from '../core/machine/tree.js';
import { powerOf } from '../core/machine/vm-state.js';
import { stillWanted } from '../core/run/checkpoints.js';
import type { RunRecord } from '../core/run/record.js';
import { withPower } from '../core/run/replan.js';
import type { SettleHow, SettleResult, ShownPlan, StartResult } from '../ipc/schema.js';
import type { KnownRuns } from './known-runs.js';
import { targetOfChain } from './plan-facts.js';

interface RecoveryDeps {
  readonly machine: () => Machine | null;
  readonly plan: (goal: Goal) => Promise<ShownPlan | Failure>;
  readonly start: (plan: string, consents: readonly Consent[], finishes?: RunId) => Promise<StartResult>;
}

export class Recovery {
  /** Runs under way that start VMs first, by the run that is settled then. */
  readonly #startingFirst = new Map<RunId, RunId>();
  /** Runs that are being settled, from the click on. */
  readonly #settling = new Set<RunId>();

  constructor(
    private readonly runs: KnownRuns,
    private readonly deps: RecoveryDeps,
  ) {}

  async settle(run: RunId, how: SettleHow): Promise<SettleResult> {
    const record = this.runs.get(run);
    if (!record || !this.runs.isCutShort(record) || this.#isBeingSettled(run)) return { kind: 'unknown-plan' };
    this.#settling.add(run);
    try {
      return await this.#settle(record, how);
    } finally {
      this.#settling.delete(run);
    }
  }

  async #settle(record: RunRecord, how: SettleHow): Promise<SettleResult> {
    const { id: run } = record;
    if (how === 'leave') return this.#settled(record, 'left');
    const starting = this.#startingFirst.get(run);
    if (starting !== undefined && this.runs.underWay.has(starting)) return { kind: 'starts-first', run: starting };
    const shown = await this.deps.plan(goalOf(record, how));
    const first = await this.#startFirst(record, how, shown);
    if (first) return first;
    if ('kind' in shown) return { kind: 'unreadable', failure: shown };
    const { result, threeWay } = shown;
    if (result.kind === 'already-so') {
      // Left alone is not undone: a person sees it first.
      if (threeWay?.some(({ verdict }) => verdict === 'unknown' || verdict === 'somebody-else'))
        return { kind: 'changed', plan: shown };
      return this.#settled(record, how === 'finish' ? 'finished' : 'undone');
    }
    if (result.kind !== 'ready') return { kind: 'changed', plan: shown };
    const { id, consents } = result.plan;
    if (!consents.every(({ consent, vms }) => vms.every((vm) => mayBe(record, vm, consent))))
      return { kind: 'consent-missing' };
    const all = consents.map(({ consent }) => consent);
    return this.deps.start(id, all, how === 'finish' ? run : undefined);
  }

  async #settled(record: RunRecord, settled: NonNullable<RunRecord['settled']>): Promise<SettleResult> {
    await this.runs.settled(record, settled);
    return { kind: 'left' };
  }

  /** VMs that are off, and that nobody can look into until they run again, as they did before. That was agreed to. */
  async #startFirst(
    { id: run, plan }: RunRecord,
    how: 'finish' | 'undo',
    shown: ShownPlan | Failure,
  ): Promise<SettleResult | undefined> {
    const machine = this.deps.machine();
    const unseen = unseenIn(shown, plan);
    const wants = plan.chains.flatMap((chain): readonly VmGoal[] => {
      const { vm, power } = chain;
      const now = vmAt(machine, vm);
      const isToRun = (how === 'finish' ? power?.after : power?.before) === 'running';
      if (!isToRun || !now || powerOf(now) !== 'off' || this.runs.busyVms.has(vm)) return [];
      return unseen.some((one) => isWithin(one, vm)) ? [{ vm, want: { power: 'running' } }] : [];
    });
    if (wants.length === 0) return undefined;
    const start = await this.deps.plan({ kind: 'vms', wants, consents: [] });
    if ('kind' in start || start.result.kind !== 'ready') return undefined;
    const started = await this.deps.start(start.result.plan.id, []);
    if (started.kind !== 'started') return started;
    this.#startingFirst.set(run, started.run);
    return { kind: 'starts-first', run: started.run };
  }

  #isBeingSettled(run: RunId): boolean {
    if (this.#settling.has(run)) return true;
    return [...this.runs.underWay].some(([id, { finishes }]) => {
      const goal = this.runs.get(id)?.goal;
      return finishes === run || (goal?.kind === 'undo' && goal.run === run);
    });
  }
}

function goalOf(record: RunRecord, how: 'finish' | 'undo'): Goal {
  const { id: run, plan } = record;
  if (how === 'undo') return { kind: 'undo', run, consents: [] };
  // A VM that ran before is off in the middle: it is to run again, as the plan had said.
  const wants = stillWanted(plan.wants, record).map((goal) => {
    const chain = plan.chains.find((one) => one.vm === goal.vm);
    return chain ? withPower(goal, chain) : goal;
  });
  return { kind: 'vms', wants, consents: plan.consents.map(({ consent }) => consent) };
}

/** Where nobody could look inside, so that what is to be done is not known. */
function unseenIn(shown: ShownPlan | Failure, { chains }: Plan): readonly MachineRef[] {
  if ('kind' in shown) return chains.map(targetOfChain).flatMap(({ vm, inside }) => [hostOf(vm), ...inside]);
  const { result, threeWay: ways = [] } = shown;
  if (result.kind === 'already-so') return ways.filter(({ verdict }) => verdict === 'unknown').map(({ vm }) => vm);
  const blocked = result.kind === 'ready' ? result.plan.blocked.map(({ vm, by }) => ({ vm, checks: by })) : result.by;
  return blocked.filter(({ checks }) => checks.some(({ id }) => id === 'signed-in')).map(({ vm }) => vm);
}

/** Who agreed to turn it off lets it be shut down too. */
const mayBe = ({ plan }: RunRecord, vm: VmRef, consent: Consent): boolean =>
  hasAgreed(plan, vm, consent) || (consent === 'shut-down' && hasAgreed(plan, vm, 'turn-off'));
