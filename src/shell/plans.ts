/** The plans that were made and shown, until they are started: the window names them by id only. */
import { depthOf, type VmRef } from '../core/cmdlets/ref.js';
import { randomUUID } from 'node:crypto';
import type { Failure } from '../core/cmdlets/call.js';
import { namedIn } from '../core/change/checkpoint.js';
import { inverseOf } from '../core/change/inverse.js';
import { planWants } from '../core/change/plan.js';
import { planNewVm } from '../core/change/new-vm.js';
import { renderPlan } from '../core/change/script.js';
import type { Plan, PlanOptions, PlanResult } from '../core/change/step.js';
import { pathsOf } from '../core/checks/new-vm.js';
import type { FileFact } from '../core/machine/files.js';
import type { Goal, RunId, Thing, VmGoal } from '../core/machine/goal.js';
import type { Machine } from '../core/machine/machine.js';
import { isOnShare } from '../core/machine/paths.js';
import { allVms, vmAt } from '../core/machine/tree.js';
import { foreseen, isCheckpoint } from '../core/network/things.js';
import { carriedOut, estimatesOf } from '../core/run/progress.js';
import { isSound, type RunRecord } from '../core/run/record.js';
import { threeWay, undoWants, type ThreeWay } from '../core/run/undo.js';
import type { ShownPlan } from '../ipc/schema.js';
import type { KnownRuns } from './known-runs.js';
import type { MachineReader } from './reader.js';
import { freshFacts, targetOf, targetOfChain, withDisks, type FactsDeps } from './plan-facts.js';

export interface PlansDeps extends FactsDeps {
  /** bytes that are free on this PC now; undefined: not read. */
  readonly readFreeMemory?: () => Promise<number | undefined>;
  readonly nameCheckpoint?: NonNullable<PlanOptions['nameCheckpoint']>;
}

/** What a reader knows, and reads anew for a plan. */
export const readingOf = (
  reader: MachineReader,
): Pick<PlansDeps, 'machine' | 'readVms' | 'readNetwork' | 'readFreeMemory'> => ({
  machine: () => reader.machine,
  readVms: (ids, where) => reader.readVms(ids, where),
  readNetwork: () => reader.readNetwork(),
  readFreeMemory: () => reader.readFreeMemory(),
});

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
    const names = this.#names(record);
    const machine = await (record
      ? this.#factsOf(record)
      : freshFacts(this.deps, goal.kind === 'vms' ? goal.wants.map(targetOf) : []));
    if ('kind' in machine) return machine;
    if (goal.kind === 'create') {
      const facts = await this.#withFreeMemory(machine);
      return this.#show(facts, await this.#planNewVm(facts, goal, randomUUID()), undefined);
    }
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
    const paths = plan.wants.flatMap((goal) => diskPaths(goal.want.remove ?? []));
    const machine = await withDisks(this.deps, await freshFacts(this.deps, plan.wants.map(targetOf)), paths);
    if ('kind' in machine) return machine;
    const again =
      plan.goal.kind === 'create'
        ? await this.#planNewVm(machine, plan.goal, plan.id)
        : planWants(machine, plan.goal, plan.wants, {
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
  async #factsOf(record: RunRecord): Promise<Machine | Failure> {
    const { chains } = carriedOut(record);
    const facts = await freshFacts(this.deps, chains.map(targetOfChain), { isLenient: true });
    return withDisks(
      this.deps,
      facts,
      diskPaths(chains.flatMap(({ steps }) => steps.flatMap(({ makes }) => (makes ? foreseen(makes) : [])))),
    );
  }

  async #planNewVm(machine: Machine, goal: Extract<Goal, { kind: 'create' }>, id: string): Promise<PlanResult> {
    // A share is not looked at for the window: Windows would sign in there.
    const paths = pathsOf(goal.vm).filter((path) => !isOnShare(path));
    const files = (await this.deps.files?.look(paths, { tries: true })) ?? new Map<string, FileFact>();
    const { disk } = goal.vm;
    const from = disk.kind === 'empty' || isOnShare(disk.from) ? [] : [disk.from];
    const known = await withDisks(this.deps, machine, from);
    // Where they cannot be read, who uses them is not known: the planner says so.
    return planNewVm('kind' in known ? machine : known, goal, files, id);
  }

  /** What was free when all was read last may be gone by now: nothing is said of it then. */
  async #withFreeMemory(machine: Machine): Promise<Machine> {
    const { readFreeMemory } = this.deps;
    return readFreeMemory ? { ...machine, host: { ...machine.host, freeMemory: await readFreeMemory() } } : machine;
  }

  /** How VMs are called, and were, as long as anybody here remembers. */
  #names(record: RunRecord | undefined): ReadonlyMap<VmRef, string> {
    const chains = this.runs.all.toReversed().flatMap(chainsOf);
    // All VMs that were never made have one reference: that of this run is meant.
    if (record) chains.push(...chainsOf(record));
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
    return this.#show(machine, result, ways);
  }

  #show(machine: Machine, result: PlanResult, ways: readonly ThreeWay[] | undefined): ShownPlan {
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

/** A VM that was made on the way has its own reference. */
const chainsOf = (record: RunRecord): Plan['chains'] =>
  record.goal.kind === 'create' ? carriedOut(record).chains : record.plan.chains;

const diskPaths = (things: readonly Thing[]): readonly string[] =>
  things.flatMap((thing) => (thing.what === 'disk' ? [thing.path] : []));

/** What a plan does and asks for, without its ids: two readings of the same facts give the same. */
const actsOf = ({ chains, consents }: Plan): string =>
  JSON.stringify([
    chains.map((chain) => [chain.vm, chain.steps.map((step) => [step.do, step.changes])]),
    consents.map(({ consent, vms }) => [consent, vms]),
  ]);
