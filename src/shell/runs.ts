/** Plans and runs: what has been shown and may be started, what is under way, what was done. The window names them by id only. */
import { randomUUID } from 'node:crypto';
import type { Failure, Guid, Host, MachineRef } from '../core/cmdlets/call.js';
import { estimatesOf } from '../core/run/progress.js';
import type { Consent, Goal, RunId, VmGoal } from '../core/machine/goal.js';
import type { Machine, Vm } from '../core/machine/machine.js';
import { insideOf } from '../core/change/inside.js';
import { allVms, keyOf, keyOfVm, machineAt, vmAt, withMachine, type PathKey } from '../core/machine/tree.js';
import { inverseOf } from '../core/change/inverse.js';
import { planWants } from '../core/change/plan.js';
import type { Chain, Plan, PlanOptions, PlanResult } from '../core/change/step.js';
import { undoWants, threeWay, type ThreeWay } from '../core/run/undo.js';
import { renderPlan, type ScriptPart } from '../core/change/script.js';
import { INTERRUPTED, type Where } from '../core/run/deps.js';
import {
  isSound,
  newestFirst,
  type Offer,
  type RunEvent,
  type RunHappening,
  type RunRecord,
} from '../core/run/record.js';
import { runPlan } from '../core/run/run.js';
import { withVms } from '../core/machine/tick.js';
import { powerOf } from '../core/machine/vm-state.js';
import type { FileFault } from '../ipc/notices.js';
import { prune } from './journal-pruning.js';
import { beginJournal, fileOf, markUndone, markSettled, nextOrder, readJournals } from './journal.js';
import { SCHEMA } from './journal-lines.js';
import { faultOf } from './replace-file.js';

export interface ShownPlan {
  readonly result: PlanResult;
  readonly script: readonly ScriptPart[];
  readonly undoScript: readonly ScriptPart[];
  readonly threeWay?: readonly ThreeWay[];
}

export type Started =
  | { readonly kind: 'started'; readonly run: RunId }
  | { readonly kind: 'consent-missing' }
  | { readonly kind: 'changed'; readonly plan: ShownPlan }
  | { readonly kind: 'unknown-plan' }
  | { readonly kind: 'unreadable'; readonly failure: Failure };

export interface RunsDeps {
  readonly host: () => Host | null;
  readonly machine: () => Machine | null;
  /** Full reads of these VMs; those that are gone are left out. They are also taken into the app's own snapshot. */
  readonly readVms: (ids: readonly Guid[], where?: Where) => Promise<readonly Vm[] | Failure>;
  /** Addresses and routes of this PC, into the app's own snapshot. */
  readonly readNetwork?: () => Promise<Failure | undefined>;
  /** bytes that are free on this PC now; undefined: not read. */
  readonly readFreeMemory?: () => Promise<number | undefined>;
  readonly folder: string;
  readonly appVersion: string;
  readonly onEvent: (event: RunEvent) => void;
  /** A run has begun, ended or been settled. */
  readonly onRecord: (record: RunRecord) => void;
  readonly onUnwritable: (fault: FileFault) => void;
  /** A bug of ours. */
  readonly failed: (error: unknown) => void;
  readonly now?: () => Date;
  readonly wait: (seconds: number) => Promise<void>;
  /** Seconds on a clock that only goes forward, and stands still while the PC sleeps. */
  readonly elapsed: () => number;
}

/** `starts-first`: what is inside a VM that is off is read once it runs: this run starts it, and settles nothing yet. */
type Settling = Started | { readonly kind: 'left' } | { readonly kind: 'starts-first'; readonly run: RunId };
type How = 'finish' | 'undo';

/** A plan is forgotten when this many newer ones were made. */
const PLANS_KEPT = 50;

/** A VM that is read for a plan, and the machines that are looked into with it. */
interface Target {
  readonly at: MachineRef;
  readonly vm: Guid;
  readonly inside: readonly MachineRef[];
}
const targetOf = ({ at, vm, want }: VmGoal): Target => ({ at, vm, inside: insideOf(at, vm, want) });
const targetOfChain = ({ at = [], vm, steps }: Chain): Target => {
  const reached = steps.flatMap(({ do: act }) =>
    'call' in act ? [act.call.at] : 'role' in act.wait ? [[...at, vm]] : [],
  );
  const inner = reached.filter((path) => path.length > at.length);
  return { at, vm, inside: inner.toSorted((a, b) => a.length - b.length) };
};
const placesOf = (targets: readonly Target[]): readonly MachineRef[] =>
  [...new Map(targets.map(({ at }) => [keyOf(at), at])).values()].toSorted((a, b) => a.length - b.length);

export class Runs {
  readonly #deps: RunsDeps;
  readonly #plans = new Map<string, ShownPlan>();
  readonly #records = new Map<RunId, RunRecord>();
  readonly #underWay = new Map<RunId, { readonly stop: AbortController; readonly vms: ReadonlySet<PathKey> }>();
  /** Until all that a run leaves behind is written down too. */
  readonly #endings = new Set<Promise<void>>();
  readonly #locks = new Map<PathKey, Promise<void>>();
  /** No run begins any more. */
  #isInterrupted = false;
  /** Runs under way that finish one that was cut short, by their ids: it is settled when they have succeeded. */
  readonly #finishing = new Map<RunId, RunId>();
  /** Runs under way that start VMs first, by the run that is settled then. */
  readonly #startingFirst = new Map<RunId, RunId>();
  /** Runs that are being settled, from the click on. */
  readonly #settling = new Set<RunId>();
  /** Of the next run; undefined: what is on the disk could not be read, so that nobody knows. */
  #nextOrder: number | undefined;
  /** Runs from this number on were begun since the app was started. */
  #firstOrder = 0;

  private constructor(deps: RunsDeps) {
    this.#deps = deps;
  }

  static async open(deps: RunsDeps): Promise<Runs> {
    const runs = new Runs(deps);
    await runs.#read().catch(runs.#unwritable);
    return runs;
  }

  async #read(): Promise<void> {
    const { folder, now } = this.#deps;
    const records = await prune(folder, await readJournals(folder), now?.() ?? new Date());
    for (const record of records) this.#records.set(record.id, record);
    this.#firstOrder = this.#nextOrder = Math.max(this.#nextOrder ?? 0, nextOrder(records));
  }

  /** Newest first. */
  get records(): readonly RunRecord[] {
    return [...this.#records.values()].toSorted(newestFirst);
  }

  /** Those that were begun since the app was started. */
  get ownRecords(): readonly RunRecord[] {
    return this.records.filter(({ order }) => order >= this.#firstOrder);
  }

  /** Ids of the runs that are being carried out now. */
  get running(): readonly RunId[] {
    return this.records.flatMap(({ id }) => (this.#underWay.has(id) ? [id] : []));
  }

  get isBusy(): boolean {
    return this.#underWay.size > 0;
  }

  /** VMs that a run is changing now, and those that they are in. */
  get busyVms(): ReadonlySet<PathKey> {
    return new Set([...this.#underWay.values()].flatMap(({ vms }) => [...vms]));
  }

  /** Runs that were cut short by the end of the app, and are not settled. */
  get cutShort(): readonly RunRecord[] {
    return this.records.filter((record) => this.#isCutShort(record));
  }

  #isCutShort(record: RunRecord): boolean {
    const { id, outcome, settled } = record;
    return outcome === undefined && settled === undefined && isSound(record) && !this.#underWay.has(id);
  }

  planOf(id: string): ShownPlan | undefined {
    return this.#plans.get(id);
  }

  /** Reads the VMs that the goal is about, then plans. */
  async plan(goal: Goal): Promise<ShownPlan | Failure> {
    const record = goal.kind === 'undo' ? this.#records.get(goal.run) : undefined;
    if (goal.kind === 'undo' && (!record || !isSound(record))) return { kind: 'not-found' };
    const names = this.#names();
    const machine = await (record
      ? this.#freshFor(record)
      : this.#fresh(goal.kind === 'vms' ? goal.wants.map(targetOf) : []));
    if ('kind' in machine) return machine;
    // All of them deleted meanwhile: that is not "already so".
    if (goal.kind === 'vms' && !goal.wants.some(({ at, vm }) => vmAt(machine, [...at, vm])))
      return { kind: 'not-found' };
    const ways = record && this.#waysOf(record, machine);
    const wants: readonly VmGoal[] = goal.kind === 'vms' ? goal.wants : undoWants(ways ?? [], goal.also ?? []);
    const isMemory = wants.some(({ at, want }) => at.length === 0 && want.memory !== undefined);
    return this.#keep(isMemory ? await this.#withFreeMemory(machine) : machine, goal, wants, ways, names);
  }

  /** What was free when all was read last may be gone by now: nothing is said of it then. */
  async #withFreeMemory(machine: Machine): Promise<Machine> {
    const { readFreeMemory } = this.#deps;
    return readFreeMemory ? { ...machine, host: { ...machine.host, freeMemory: await readFreeMemory() } } : machine;
  }

  /** How VMs are called, and were, as long as anybody here remembers. */
  #names(): ReadonlyMap<PathKey, string> {
    const chains = this.records.toReversed().flatMap(({ plan }) => plan.chains);
    const root = this.#deps.machine();
    return new Map([
      ...chains.map((chain) => [keyOfVm(chain), chain.name] as const),
      ...(root ? allVms(root) : []).map(({ at, vm }) => [keyOf([...at, vm.id]), vm.name] as const),
    ]);
  }

  #keep(
    machine: Machine,
    goal: Goal,
    wants: readonly VmGoal[],
    ways: readonly ThreeWay[] | undefined,
    names: ReadonlyMap<PathKey, string>,
  ): ShownPlan {
    const result = planWants(machine, goal, wants, {
      id: randomUUID(),
      estimates: estimatesOf(this.records),
      ...this.#learned(),
      names,
    });
    const plan = result.kind === 'ready' ? result.plan : undefined;
    const shown: ShownPlan = {
      result,
      script: plan ? renderPlan(plan) : [],
      undoScript: plan ? renderPlan(inverseOf(machine, plan)) : [],
      ...(ways ? { threeWay: ways } : {}),
    };
    if (plan) this.#plans.set(plan.id, shown);
    for (const id of [...this.#plans.keys()].slice(0, -PLANS_KEPT)) this.#plans.delete(id);
    return shown;
  }

  /** Carries out a plan that was shown. The facts are read again first: a plan that no longer fits is shown anew. */
  async start(id: string, consents: readonly Consent[], finishes?: RunId): Promise<Started> {
    const shown = this.#plans.get(id);
    if (shown?.result.kind !== 'ready') return { kind: 'unknown-plan' };
    const { plan } = shown.result;
    if (plan.consents.some(({ consent, given }) => !given && !consents.includes(consent)))
      return { kind: 'consent-missing' };
    // Taken before anything is waited for: a second click finds none.
    this.#plans.delete(id);
    let started: Started | undefined;
    try {
      started = await this.#startTaken(plan, finishes);
      return started;
    } finally {
      if (started?.kind !== 'started') this.#plans.set(id, shown);
    }
  }

  async #startTaken(plan: Plan, finishes: RunId | undefined): Promise<Started> {
    const machine = await this.#fresh(plan.wants.map(targetOf));
    if ('kind' in machine) return { kind: 'unreadable', failure: machine };
    const again = planWants(machine, plan.goal, plan.wants, { id: plan.id, ...this.#learned() });
    if (again.kind !== 'ready' || actsOf(again.plan) !== actsOf(plan)) return await this.#shownAnew(plan.goal);
    return this.#begin({ ...plan, consents: plan.consents.map((one) => ({ ...one, given: true })) }, finishes);
  }

  /** From the goal, not from the old wants: what somebody else has changed since is theirs now. */
  async #shownAnew(goal: Goal): Promise<Started> {
    const plan = await this.plan(goal);
    return 'kind' in plan ? { kind: 'unreadable', failure: plan } : { kind: 'changed', plan };
  }

  async #begin(plan: Plan, finishes: RunId | undefined): Promise<Started> {
    const host = this.#deps.host();
    if (!host || this.#isInterrupted) return { kind: 'unreadable', failure: { kind: 'session-lost' } };
    const id = randomUUID();
    const stop = new AbortController();
    // Busy from now on: who leaves while the journal is made waits for it, and interrupts this one too.
    this.#underWay.set(id, { stop, vms: new Set(plan.chains.flatMap(wayTo)) });
    const beginning = this.#beginAs(id, stop, plan, host, finishes);
    const begun = beginning.then(
      () => undefined,
      () => undefined,
    );
    this.#endings.add(begun);
    try {
      return await beginning;
    } finally {
      this.#endings.delete(begun);
    }
  }

  async #beginAs(
    id: RunId,
    stop: AbortController,
    plan: Plan,
    host: Host,
    finishes: RunId | undefined,
  ): Promise<Started> {
    const { folder, appVersion } = this.#deps;
    let head, writer;
    try {
      if (this.#nextOrder === undefined) await this.#read();
      const order = this.#nextOrder ?? 1;
      this.#nextOrder = order + 1;
      head = { id, schema: SCHEMA, order, appVersion, goal: plan.goal, plan };
      writer = await beginJournal(folder, head);
    } catch (error) {
      // Nothing is changed that cannot be written down: it could not be undone.
      this.#underWay.delete(id);
      const isFull = this.#unwritable(error).why === 'full';
      return { kind: 'unreadable', failure: { kind: isFull ? 'journal-full' : 'journal-unwritable' } };
    }
    const events: RunEvent[] = [];
    const began = this.#elapsed();
    const keep = (): RunRecord => {
      const ended = events.findLast((event) => event.kind === 'ended');
      const record: RunRecord = {
        ...head,
        events: [...events],
        ...(ended?.kind === 'ended' ? { outcome: ended.outcome } : {}),
      };
      this.#records.set(id, record);
      return record;
    };
    const record = async (happening: RunHappening): Promise<boolean> => {
      const elapsed = Math.round((this.#elapsed() - began) * 1000) / 1000;
      const event: RunEvent = { ...happening, run: id, seq: events.length, time: this.#now(), elapsed };
      events.push(event);
      const fault = await writer.record(event).catch(this.#unwritable);
      // What cannot be written down is known as long as the app runs.
      keep();
      this.#deps.onEvent(event);
      return fault === undefined;
    };
    // Written down at once: the app may be ended before the run is where it can stop.
    const noteInterrupt = (): void => {
      if (stop.signal.reason === INTERRUPTED) void record({ kind: 'interrupted' });
    };
    if (stop.signal.aborted) noteInterrupt();
    else stop.signal.addEventListener('abort', noteInterrupt);
    const ended = this.#carryOut(plan, host, record, stop.signal)
      .catch(this.#deps.failed)
      .then(async () => {
        await writer.close().catch(() => undefined);
        this.#underWay.delete(id);
        await this.#afterRun(keep());
      })
      .finally(() => this.#endings.delete(ended));
    this.#endings.add(ended);
    if (finishes !== undefined) this.#finishing.set(id, finishes);
    this.#deps.onRecord(keep());
    return { kind: 'started', run: id };
  }

  async #carryOut(
    plan: Plan,
    host: Host,
    record: (happening: RunHappening) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    // As it was planned with, before this run is the last one.
    const { refusedRunning } = this.#learned();
    await runPlan(plan, {
      host,
      readVms: this.#deps.readVms,
      record,
      planAgain: (goal, vm, firstNumber) => {
        const machine = this.#deps.machine();
        if (!machine) return { kind: 'already-so' };
        const given: Goal = { kind: 'vms', wants: [goal], consents: plan.consents.map(({ consent }) => consent) };
        const around = machineAt(machine, goal.at);
        const known = around ? withMachine(machine, goal.at, withVms(around, [vm], [])) : machine;
        return planWants(known, given, [goal], {
          id: randomUUID(),
          firstNumber,
          ...(refusedRunning && { refusedRunning }),
        });
      },
      root: this.#deps.machine,
      ...(this.#deps.readNetwork && { readNetwork: this.#deps.readNetwork }),
      lock: (vm) => this.#lock(vm),
      wait: this.#deps.wait,
      now: () => this.#elapsed(),
      signal,
    });
  }

  /** A run that undid another, or finished it, says so in the other's journal: once it has succeeded, not before. */
  async #afterRun(record: RunRecord): Promise<void> {
    const { goal } = record;
    const finished = this.#records.get(this.#finishing.get(record.id) ?? '');
    this.#finishing.delete(record.id);
    if (finished && record.outcome === 'done') await this.#settled(finished, 'finished');
    if (goal.kind === 'undo' && record.outcome === 'done') {
      const other = this.#records.get(goal.run);
      if (other && (await this.#isBack(other.id))) {
        const { folder } = this.#deps;
        await markUndone(folder, other.id, record.id).catch(this.#unwritable);
        this.#mark(other.id, { undoneBy: record.id });
        const now = this.#records.get(other.id);
        if (now && this.#isCutShort(now)) await this.#settled(now, 'undone');
      }
    }
    this.#deps.onRecord(record);
  }

  /** What could not be read is not known to be back: where nobody was signed in, it can be asked for again. */
  async #isBack(run: RunId): Promise<boolean> {
    const ways = await this.threeWay(run);
    return !('kind' in ways) && ways.every(({ verdict }) => verdict !== 'unknown' && verdict !== 'undo');
  }

  cancel(run: RunId): void {
    this.#underWay.get(run)?.stop.abort();
  }

  /** The sign-in ends: every run goes to its next safe end, and none begins any more. What is left of them the next start asks about. */
  interrupt(): void {
    this.#isInterrupted = true;
    for (const { stop } of this.#underWay.values()) stop.abort(INTERRUPTED);
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    // What begins meanwhile ends too.
    while (this.#endings.size > 0) await Promise.all(this.#endings);
  }

  async threeWay(run: RunId): Promise<readonly ThreeWay[] | Failure> {
    const record = this.#records.get(run);
    if (!record || !isSound(record)) return { kind: 'not-found' };
    const machine = await this.#freshFor(record);
    return 'kind' in machine ? machine : this.#waysOf(record, machine);
  }

  #waysOf(record: RunRecord, machine: Machine): readonly ThreeWay[] {
    const undos = this.records.filter((one) => one.goal.kind === 'undo' && one.goal.run === record.id && isSound(one));
    return threeWay(record, machine, undos);
  }

  /** A run that was cut short: carried on from what is so now, undone, or left as it is. */
  async settle(run: RunId, how: How | 'leave'): Promise<Settling> {
    const record = this.#records.get(run);
    if (!record || !this.#isCutShort(record) || this.#isBeingSettled(run)) return { kind: 'unknown-plan' };
    this.#settling.add(run);
    try {
      return await this.#settle(record, how);
    } finally {
      this.#settling.delete(run);
    }
  }

  async #settle(record: RunRecord, how: How | 'leave'): Promise<Settling> {
    const { id: run } = record;
    const starting = this.#startingFirst.get(run);
    if (how !== 'leave' && starting !== undefined && this.#underWay.has(starting))
      return { kind: 'starts-first', run: starting };
    if (how === 'leave') {
      await this.#settled(record, 'left');
      return { kind: 'left' };
    }
    // A VM that ran before is off in the middle: it is to run again, as the plan had said.
    const wants = record.plan.wants.map((goal) => {
      const power = record.plan.chains.find((chain) => keyOfVm(chain) === keyOfVm(goal))?.power;
      return power && goal.want.power === undefined ? { ...goal, want: { ...goal.want, power: power.after } } : goal;
    });
    const agreed = record.plan.consents.map(({ consent }) => consent);
    const goal: Goal =
      how === 'finish' ? { kind: 'vms', wants, consents: agreed } : { kind: 'undo', run, consents: [] };
    const shown = await this.plan(goal);
    const first = await this.#startFirst(record, how, shown);
    if (first) return first;
    if ('kind' in shown) return { kind: 'unreadable', failure: shown };
    if (shown.result.kind === 'already-so') {
      // Left alone is not undone: a person sees it first.
      if (shown.threeWay?.some(({ verdict }) => verdict === 'unknown' || verdict === 'somebody-else'))
        return { kind: 'changed', plan: shown };
      await this.#settled(record, how === 'finish' ? 'finished' : 'undone');
      return { kind: 'left' };
    }
    if (shown.result.kind !== 'ready') return { kind: 'changed', plan: shown };
    const { plan } = shown.result;
    if (!plan.consents.every(({ consent, vms }) => vms.every((vm) => hasAgreed(record, vm, consent))))
      return { kind: 'consent-missing' };
    const all = plan.consents.map(({ consent }) => consent);
    return this.start(plan.id, all, how === 'finish' ? run : undefined);
  }

  /** VMs that are off, and that nobody can look into until they run again, as they did before. That was agreed to. */
  async #startFirst({ id: run, plan }: RunRecord, how: How, shown: ShownPlan | Failure): Promise<Settling | undefined> {
    const machine = this.#deps.machine();
    const unseen = unseenIn(shown, plan);
    const wants = plan.chains.flatMap((chain): readonly VmGoal[] => {
      const { at = [], vm, power } = chain;
      const now = vmAt(machine, [...at, vm]);
      const isToRun = (how === 'finish' ? power?.after : power?.before) === 'running';
      if (!isToRun || !now || powerOf(now) !== 'off' || this.busyVms.has(keyOfVm(chain))) return [];
      return unseen.some((path) => isWithin(path, keyOfVm(chain))) ? [{ at, vm, want: { power: 'running' } }] : [];
    });
    if (wants.length === 0) return undefined;
    const start = await this.plan({ kind: 'vms', wants, consents: [] });
    if ('kind' in start || start.result.kind !== 'ready') return undefined;
    const started = await this.start(start.result.plan.id, []);
    if (started.kind !== 'started') return started;
    this.#startingFirst.set(run, started.run);
    return { kind: 'starts-first', run: started.run };
  }

  #isBeingSettled(run: RunId): boolean {
    if (this.#settling.has(run)) return true;
    return [...this.#underWay.keys()].some((id) => {
      const goal = this.#records.get(id)?.goal;
      return this.#finishing.get(id) === run || (goal?.kind === 'undo' && goal.run === run);
    });
  }

  async #settled(record: RunRecord, settled: NonNullable<RunRecord['settled']>): Promise<void> {
    await markSettled(this.#deps.folder, record.id, settled).catch(this.#unwritable);
    this.#mark(record.id, { settled });
  }

  readonly #unwritable = (error: unknown): FileFault => {
    const { folder } = this.#deps;
    // Of a file in it: the folder itself is no obstacle. A person is told of the folder.
    const one = fileOf(folder, 'any');
    const found = faultOf(error, one);
    const fault = found.path === one ? { ...found, path: folder } : found;
    this.#deps.onUnwritable(fault);
    return fault;
  };

  /** As it is by now: another mark may have been made meanwhile. */
  #mark(id: RunId, mark: Pick<RunRecord, 'settled' | 'undoneBy'>): void {
    const record = this.#records.get(id);
    if (!record) return;
    const marked = { ...record, ...mark };
    this.#records.set(id, marked);
    this.#deps.onRecord(marked);
  }

  /** What a run was about, as it is now. What is inside where nobody is signed in any more is not known: said so, not refused. */
  #freshFor({ plan }: RunRecord): Promise<Machine | Failure> {
    return this.#fresh(plan.chains.map(targetOfChain), { isLenient: true });
  }

  /** The app's snapshot with these VMs read in full now, and looked into where a wish is about what is inside. */
  async #fresh(targets: readonly Target[], { isLenient = false } = {}): Promise<Machine | Failure> {
    const gone: Guid[] = [];
    const read: Vm[] = [];
    /** Where nobody could look now: what was seen there before is no answer. */
    const unseen: MachineRef[] = [];
    for (const at of placesOf(targets)) {
      const ids = targets.filter((target) => keyOf(target.at) === keyOf(at)).map(({ vm }) => vm);
      const found = await this.#deps.readVms(ids, { at });
      if ('kind' in found) {
        if (!isLenient || at.length === 0) return found;
        unseen.push(at);
        continue;
      }
      if (at.length > 0) continue;
      read.push(...found);
      gone.push(...ids.filter((id) => !found.some((vm) => vm.id === id)));
    }
    const inside = [...new Map(targets.flatMap((target) => target.inside).map((path) => [keyOf(path), path])).values()];
    for (const path of inside) {
      const vm = path.slice(-1);
      const looked = await this.#deps.readVms(vm, { at: path.slice(0, -1), inside: [path], roles: true });
      if (!('kind' in looked)) continue;
      if (!isLenient) return looked;
      unseen.push(path);
    }
    if (inside.length > 0) {
      const failure = await this.#deps.readNetwork?.();
      if (failure && !isLenient) return failure;
    }
    const machine = this.#deps.machine();
    if (!machine) return { kind: 'session-lost' };
    const entered = new Set(inside.map(([first]) => first));
    const fresh = withVms(
      machine,
      read.filter(({ id }) => !entered.has(id)),
      gone,
    );
    const seen = unseen.reduce((all, at) => withMachine(all, at, null), fresh);
    return { ...seen, host: { ...seen.host, readAt: this.#now() } };
  }

  #elapsed(): number {
    return this.#deps.elapsed();
  }

  #now(): string {
    return (this.#deps.now?.() ?? new Date()).toISOString();
  }

  async #lock(vm: PathKey): Promise<() => void> {
    const before = this.#locks.get(vm) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const mine = before.then(() => held);
    this.#locks.set(vm, mine);
    await before;
    return () => {
      release();
      if (this.#locks.get(vm) === mine) this.#locks.delete(vm);
    };
  }

  /** What the journal says of the last run of each VM: a guest is asked before it is forced, whatever the window sends. */
  #learned(): Pick<PlanOptions, 'askedInVain' | 'refusedRunning'> {
    const last = new Map<PathKey, Offer | undefined>();
    for (const record of this.records.filter(isSound))
      for (const vm of record.plan.chains.map(keyOfVm)) {
        if (last.has(vm)) continue;
        const stopped = record.events.find((event) => event.kind === 'stopped' && event.vm === vm);
        // Cut short after turning off was agreed to: it may be on its way down.
        const isGoingOff = this.#isCutShort(record) && agreedToTurnOff(record, vm);
        last.set(vm, isGoingOff ? 'turn-off' : stopped?.kind === 'stopped' ? stopped.offer : undefined);
      }
    const withOffer = (offer: Offer): ReadonlySet<PathKey> =>
      new Set([...last].flatMap(([vm, offered]) => (offered === offer ? [vm] : [])));
    return { askedInVain: withOffer('turn-off'), refusedRunning: withOffer('while-off') };
  }
}

/** Where nobody could look inside, so that what is to be done is not known. */
function unseenIn(shown: ShownPlan | Failure, { chains }: Plan): readonly PathKey[] {
  if ('kind' in shown) return chains.map(targetOfChain).flatMap(({ at, inside }) => [at, ...inside].map(keyOf));
  const { result, threeWay: ways = [] } = shown;
  if (result.kind === 'already-so') return ways.filter(({ verdict }) => verdict === 'unknown').map(keyOfVm);
  const blocked = result.kind === 'ready' ? result.plan.blocked.map(({ vm, by }) => ({ vm, checks: by })) : result.by;
  return blocked.filter(({ checks }) => checks.some(({ id }) => id === 'signed-in')).map(({ vm }) => vm);
}

const isWithin = (path: PathKey, outer: PathKey): boolean => path === outer || path.startsWith(`${outer}/`);

/** What a plan does, without its ids: two readings of the same facts give the same. */
const actsOf = ({ chains }: Plan): string =>
  JSON.stringify(chains.map((chain) => [keyOfVm(chain), chain.steps.map((step) => [step.do, step.changes])]));

/** The VM of a chain, and those that it is in, the outermost first. */
const wayTo = ({ at = [], vm }: Chain): readonly PathKey[] =>
  [...at, vm].map((_, index, path) => keyOf(path.slice(0, index + 1)));

const agreedToTurnOff = ({ plan }: RunRecord, vm: PathKey): boolean =>
  plan.consents.some(({ consent, vms }) => consent === 'turn-off' && vms.includes(vm));

/** For this VM, when the run was started: who agreed to turn it off lets it be shut down too. */
const hasAgreed = ({ plan }: RunRecord, vm: PathKey, consent: Consent): boolean =>
  plan.consents.some(
    (one) =>
      one.vms.includes(vm) && (one.consent === consent || (one.consent === 'turn-off' && consent === 'shut-down')),
  );
