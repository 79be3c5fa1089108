/** The plans that were made and shown, until they are started: the window names them by id only. */
import { depthOf, type VmRef } from '../core/cmdlets/ref.js';
import { randomUUID } from 'node:crypto';
import type { Failure } from '../core/cmdlets/call.js';
import { namedIn } from '../core/change/checkpoint.js';
import { inverseOf } from '../core/change/inverse.js';
import { planWants } from '../core/change/plan.js';
import { renderPlan } from '../core/change/script.js';
import type { Plan, PlanOptions } from '../core/change/step.js';
import type { Goal, RunId, VmGoal } from '../core/machine/goal.js';
import type { Machine } from '../core/machine/machine.js';
import { allVms, vmAt } from '../core/machine/tree.js';
import { isCheckpoint } from '../core/network/things.js';
import { estimatesOf } from '../core/run/progress.js';
import { isSound, type RunRecord } from '../core/run/record.js';
import { threeWay, undoWants, type ThreeWay } from '../core/run/undo.js';
import type { ShownPlan } from '../ipc/schema.js';
import type { KnownRuns } from './known-runs.js';
import { freshFacts, targetOf, targetOfChain, type FactsDeps } from './plan-facts.js';

export interface PlansDeps extends FactsDeps {
  /** bytes that are free on this PC now; undefined: not read. */
  readonly readFreeMemory?: () => Promise<number | undefined>;
  readonly nameCheckpoint?: NonNullable<PlanOptions['nameCheckpoint']>;
}

/** A plan is forgotten when this many newer ones were made. */
const PLANS_KEPT = 50;

export class Plans {
  readonly #shown = new Map<string, ShownPlan>();

  constructor(
    private readonly runs: KnownRuns,
    private readonly deps: PlansDeps,
  ) {}

  get(id: string): ShownPlan | undefined {
    return this.#shown.get(id);
  }

  /** Nobody else finds it from now on. */
  take(id: string): void {
    this.#shown.delete(id);
  }

  giveBack(id: string, shown: ShownPlan): void {
    this.#shown.set(id, shown);
  }

  /** Reads the VMs that the goal is about, then plans. */
  async make(goal: Goal): Promise<ShownPlan | Failure> {
    const record = goal.kind === 'undo' ? this.runs.get(goal.run) : undefined;
    if (goal.kind === 'undo' && (!record || !isSound(record))) return { kind: 'not-found' };
    const names = this.#names();
    const machine = await (record
      ? this.#factsOf(record)
      : freshFacts(this.deps, goal.kind === 'vms' ? goal.wants.map(targetOf) : []));
    if ('kind' in machine) return machine;
    // All of them deleted meanwhile: that is not "already so".
    if (goal.kind === 'vms' && !goal.wants.some(({ vm }) => vmAt(machine, vm))) return { kind: 'not-found' };
    const all = record && this.#waysOf(record, machine);
    // Nothing else of the run is asked about.
    const ways = goal.kind === 'undo' && goal.checkpoints ? all?.filter(({ made }) => made && isCheckpoint(made)) : all;
    const wants: readonly VmGoal[] = goal.kind === 'vms' ? goal.wants : undoWants(ways ?? [], goal);
    const isMemory = wants.some(({ vm, want }) => depthOf(vm) === 1 && want.memory !== undefined);
    return this.#keep(isMemory ? await this.#withFreeMemory(machine) : machine, goal, wants, ways, names);
  }

  /** As it is now, the plan would do the same. */
  async stillFits(plan: Plan): Promise<boolean | Failure> {
    const machine = await freshFacts(this.deps, plan.wants.map(targetOf));
    if ('kind' in machine) return machine;
    const again = planWants(machine, plan.goal, plan.wants, {
      id: plan.id,
      nameCheckpoint: namedIn(plan),
      ...this.runs.learned,
    });
    return again.kind === 'ready' && actsOf(again.plan) === actsOf(plan);
  }

  async threeWay(run: RunId): Promise<readonly ThreeWay[] | Failure> {
    const record = this.runs.get(run);
    if (!record || !isSound(record)) return { kind: 'not-found' };
    const machine = await this.#factsOf(record);
    return 'kind' in machine ? machine : this.#waysOf(record, machine);
  }

  #waysOf(record: RunRecord, machine: Machine): readonly ThreeWay[] {
    const undos = this.runs.all.filter((one) => one.goal.kind === 'undo' && one.goal.run === record.id && isSound(one));
    return threeWay(record, machine, undos);
  }

  /** What a run was about, as it is now. What is inside where nobody is signed in any more is not known: said so, not refused. */
  #factsOf({ plan }: RunRecord): Promise<Machine | Failure> {
    return freshFacts(this.deps, plan.chains.map(targetOfChain), { isLenient: true });
  }

  /** What was free when all was read last may be gone by now: nothing is said of it then. */
  async #withFreeMemory(machine: Machine): Promise<Machine> {
    const { readFreeMemory } = this.deps;
    return readFreeMemory ? { ...machine, host: { ...machine.host, freeMemory: await readFreeMemory() } } : machine;
  }

  /** How VMs are called, and were, as long as anybody here remembers. */
  #names(): ReadonlyMap<VmRef, string> {
    const chains = this.runs.all.toReversed().flatMap(({ plan }) => plan.chains);
    const root = this.deps.machine();
    return new Map([
      ...chains.map((chain) => [chain.vm, chain.name] as const),
      ...(root ? allVms(root) : []).map(({ ref, vm }) => [ref, vm.name] as const),
    ]);
  }

  #keep(
    machine: Machine,
    goal: Goal,
    wants: readonly VmGoal[],
    ways: readonly ThreeWay[] | undefined,
    names: ReadonlyMap<VmRef, string>,
  ): ShownPlan {
    const result = planWants(machine, goal, wants, {
      id: randomUUID(),
      estimates: estimatesOf(this.runs.all),
      ...this.runs.learned,
      ...(this.deps.nameCheckpoint && { nameCheckpoint: this.deps.nameCheckpoint }),
      names,
    });
    const plan = result.kind === 'ready' ? result.plan : undefined;
    const shown: ShownPlan = {
      result,
      script: plan ? renderPlan(plan) : [],
      undoScript: plan ? renderPlan(inverseOf(machine, plan)) : [],
      ...(ways ? { threeWay: ways } : {}),
    };
    if (plan) this.#shown.set(plan.id, shown);
    for (const id of [...this.#shown.keys()].slice(0, -PLANS_KEPT)) this.#shown.delete(id);
    return shown;
  }
}

/** What a plan does, without its ids: two readings of the same facts give the same. */
const actsOf = ({ chains }: Plan): string =>
  JSON.stringify(chains.map((chain) => [chain.vm, chain.steps.map((step) => [step.do, step.changes])]));
