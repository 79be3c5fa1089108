/**
 * Changes of VMs on several PCs. Each PC plans, writes down and carries out its part as any change of its own; here they are asked side by
 * side, shown as one, and begun together or not at all. One that is away keeps no other: its VMs are left out, and it is said why.
 */
import { randomUUID } from 'node:crypto';
import { idOf, rootOf, type HostId, type VmRef } from '../core/cmdlets/ref.js';
import type { Failure } from '../core/cmdlets/call.js';
import type { Check } from '../core/checks/check.js';
import { goalsByPc, joinPlans, joinScripts, named, nameOn, undoOn } from '../core/change/span.js';
import type { Gone, Plan, PlanResult } from '../core/change/step.js';
import type { Consent, Goal, RunId } from '../core/machine/goal.js';
import { ofHost } from '../core/machine/hosts.js';
import { vmAt } from '../core/machine/tree.js';
import { partsOf, pcOf, runCalled } from '../core/run/joint.js';
import { isSound, type RunRecord } from '../core/run/record.js';
import type { ThreeWay } from '../core/run/undo.js';
import type { AppState, HostState, SettleResult, ShownPlan, StartResult } from '../ipc/schema.js';
import { translator } from '../text/index.js';
import type { PreparedRun, Runs } from './runs.js';
import { connecting, journalUnread, missing, stillRunning, unread } from './span-checks.js';

/** What is asked of the runs of one PC, and of those of several. */
export type Changes = Pick<Runs, 'planOf' | 'plan' | 'start' | 'cancel' | 'settle' | 'threeWay'>;

interface Options {
  readonly state: () => AppState;
  /** undefined: it is not open. */
  readonly runsAt: (pc: HostId) => Runs | undefined;
  /** Of all that are open. */
  readonly all: () => readonly Runs[];
  readonly after: (milliseconds: number, act: () => void) => () => void;
}

/** Milliseconds that are waited for one PC: the others are not kept by it. A hundred VMs of a slow one are read by then. */
const PATIENCE = 60_000;
const PLANS_KEPT = 50;

interface Joint {
  readonly shown: ShownPlan;
  readonly goal: Goal;
  readonly parts: readonly { readonly pc: HostId; readonly plan: Plan['id'] }[];
}
/** What one PC says to its part of a goal. */
interface Answer {
  readonly pc: HostId;
  readonly goal: Goal;
  readonly answer: ShownPlan | Failure | { readonly kind: 'left-out'; readonly by: Check };
}
type Blocked = Plan['blocked'];

export class Spans implements Changes {
  readonly #shown = new Map<string, Joint>();

  constructor(private readonly options: Options) {}

  get #records(): readonly RunRecord[] {
    return this.options.all().flatMap(({ records }) => records);
  }

  readonly #labelOf = (pc: HostId): string => {
    const { hosts, language } = this.options.state();
    return hosts.find(({ id }) => id === pc)?.label ?? translator(language)('hosts.thisPc');
  };

  /** There is a change of several PCs with that id. */
  has(run: RunId): boolean {
    return partsOf(run, this.#records).length > 0;
  }

  /** What a part of several PCs and the others come to; any other run as it is. */
  whole(record: RunRecord): RunRecord {
    return record.span ? (runCalled(record.span.id, this.#records, this.#labelOf) ?? record) : record;
  }

  planOf(id: string): ShownPlan | undefined {
    return this.#shown.get(id)?.shown;
  }

  async plan(goal: Goal): Promise<ShownPlan | Failure> {
    const asked = [...this.#goalsOf(goal)];
    const answers = await Promise.all(
      asked.map(async ([pc, own]): Promise<Answer> => {
        const failed = (): Answer['answer'] => this.#leave(unread(this.#labelOf(pc), { kind: 'unexpected' }));
        return { pc, goal: own, answer: await this.#ask(pc, own).catch(failed) };
      }),
    );
    if (answers.every(({ answer }) => 'kind' in answer && answer.kind === 'not-found')) return { kind: 'not-found' };
    return this.#join(goal, answers);
  }

  #goalsOf(goal: Goal): ReadonlyMap<HostId, Goal> {
    if (goal.kind === 'vms') return goalsByPc(goal);
    if (goal.kind === 'create') throw new Error('a VM is made on one PC');
    const parts = partsOf(goal.run, this.#records);
    return new Map(
      parts.flatMap((record) => {
        const pc = pcOf(record);
        return pc ? [[pc, undoOn(goal, pc, record.id)] as const] : [];
      }),
    );
  }

  async #ask(pc: HostId, goal: Goal): Promise<Answer['answer']> {
    const runs = this.options.runsAt(pc);
    const state = ofHost<HostState>(this.options.state(), pc);
    // It was removed meanwhile, and its VMs with it.
    if (!runs || !state) return { kind: 'not-found' };
    const host = this.#labelOf(pc);
    const { connection } = state;
    if (connection.kind === 'starting') return this.#leave(connecting(host));
    if (connection.kind === 'lost') return this.#leave(unread(host, connection.failure, connection.since));
    const record = goal.kind === 'undo' ? runs.records.find(({ id }) => id === goal.run) : undefined;
    if (record && !isSound(record)) return this.#leave(journalUnread(host));
    if (record && runs.running.includes(record.id)) return this.#leave(stillRunning(host));
    const answer = await this.#inTime(runs.plan(goal));
    if (answer === undefined) return this.#leave(unread(host, { kind: 'timed-out' }));
    if ('result' in answer || answer.kind === 'not-found') return answer;
    return this.#leave(unread(host, answer));
  }

  readonly #leave = (by: Check): Answer['answer'] => ({ kind: 'left-out', by });

  /** Of an undo: how many parts of its change nobody knows of: their PCs were removed, or could not be opened. */
  #missingIn(goal: Goal): number {
    const parts = goal.kind === 'undo' ? partsOf(goal.run, this.#records) : [];
    return (parts[0]?.span?.parts ?? 0) - parts.length;
  }

  /** undefined: it takes too long. What comes later is given to `late`. */
  #inTime<Given>(work: Promise<Given>, late: (given: Given) => void = () => undefined): Promise<Given | undefined> {
    return new Promise((resolve, reject) => {
      let isLate = false;
      const stop = this.options.after(PATIENCE, () => {
        isLate = true;
        resolve(undefined);
      });
      work.then(
        (given) => {
          stop();
          if (isLate) late(given);
          resolve(given);
        },
        (error: unknown) => {
          stop();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  #join(goal: Goal, answers: readonly Answer[]): ShownPlan {
    const id = randomUUID();
    const ready = answers.flatMap(({ pc, answer }) =>
      'result' in answer && answer.result.kind === 'ready'
        ? [{ pc, label: this.#labelOf(pc), plan: answer.result.plan, shown: answer }]
        : [],
    );
    const ways = answers.flatMap(({ pc, answer }): readonly ThreeWay[] =>
      'result' in answer ? named(answer.threeWay ?? [], this.#labelOf(pc)) : [],
    );
    const shown: ShownPlan = {
      result: this.#resultOf({ id, goal }, ready, answers),
      script: joinScripts(ready.map((part) => part.shown.script)),
      undoScript: joinScripts(ready.map((part) => part.shown.undoScript)),
      ...(goal.kind === 'undo' && { threeWay: ways }),
    };
    if (ready.length > 0)
      this.#shown.set(id, { shown, goal, parts: ready.map(({ pc, plan }) => ({ pc, plan: plan.id })) });
    for (const old of [...this.#shown.keys()].slice(0, -PLANS_KEPT)) this.#shown.delete(old);
    return shown;
  }

  #resultOf(
    whole: Pick<Plan, 'id' | 'goal'>,
    ready: readonly { readonly label: string; readonly plan: Plan }[],
    answers: readonly Answer[],
  ): PlanResult {
    const left = answers.map((answer) => this.#leftOut(answer));
    const blocked = left.flatMap((one) => one.blocked);
    const gone = left.flatMap((one) => one.gone);
    if (ready.length > 0) {
      const plan = joinPlans(whole, ready);
      const allGone = [...(plan.gone ?? []), ...gone];
      const count = this.#missingIn(whole.goal);
      const remarks = [...(plan.remarks ?? []), ...(count > 0 ? [missing(count)] : [])];
      const more = { ...(allGone.length > 0 && { gone: allGone }), ...(remarks.length > 0 && { remarks }) };
      return { kind: 'ready', plan: { ...plan, blocked: [...plan.blocked, ...blocked], ...more } };
    }
    const more = gone.length > 0 ? { gone } : {};
    if (blocked.length === 0) return { kind: 'already-so', ...more };
    return { kind: 'blocked', by: blocked.map(({ vm, name, by }) => ({ vm, name, checks: by })), ...more };
  }

  /** VMs of a PC from which no plan comes. Of one that has a plan they are in that. */
  #leftOut({ pc, goal, answer }: Answer): { readonly blocked: Blocked; readonly gone: readonly Gone[] } {
    const label = this.#labelOf(pc);
    if ('result' in answer) {
      const { result } = answer;
      if (result.kind === 'ready') return { blocked: [], gone: [] };
      const by = result.kind === 'blocked' ? result.by : [];
      const blocked = by.map(({ vm, name, checks }) => ({ vm, name, by: checks }));
      return { blocked: named(blocked, label), gone: named(result.gone ?? [], label) };
    }
    const vms = named(this.#vmsIn(goal), label);
    return answer.kind === 'left-out'
      ? { blocked: vms.map((one) => ({ ...one, by: [answer.by] })), gone: [] }
      : { blocked: [], gone: vms };
  }

  /** Those that are asked for, as they were called last. */
  #vmsIn(goal: Goal): readonly { readonly vm: VmRef; readonly name: string }[] {
    if (goal.kind === 'undo') {
      const chains = this.#records.find(({ id }) => id === goal.run)?.plan.chains ?? [];
      return chains.filter(({ vm }) => goal.only?.includes(vm) ?? true).map(({ vm, name }) => ({ vm, name }));
    }
    if (goal.kind === 'create') return [];
    return goal.wants.map(({ vm }) => {
      const machine = ofHost<HostState>(this.options.state(), rootOf(vm))?.machine ?? null;
      return { vm, name: vmAt(machine, vm)?.name ?? idOf(vm).slice(0, 8) };
    });
  }

  /** All parts are found to fit and written down before one of them begins: they begin together. */
  async start(id: string, consents: readonly Consent[]): Promise<StartResult> {
    const joint = this.#shown.get(id);
    if (joint?.shown.result.kind !== 'ready') return { kind: 'unknown-plan' };
    const { plan } = joint.shown.result;
    if (plan.consents.some(({ consent, given }) => !given && !consents.includes(consent)))
      return { kind: 'consent-missing' };
    this.#shown.delete(id);
    const settled = await this.#prepareAll(id, joint, consents);
    const prepared = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const ready = prepared.flatMap((one) => (one.kind === 'ready' ? [one] : []));
    if (ready.length === settled.length) {
      for (const { go } of ready) go();
      return { kind: 'started', run: id };
    }
    await Promise.all(ready.map(({ drop }) => drop()));
    this.#shown.set(id, joint);
    for (const one of settled) if (one.status === 'rejected') throw one.reason;
    return await this.#notBegun(joint, prepared);
  }

  #prepareAll(
    id: string,
    { parts }: Joint,
    consents: readonly Consent[],
  ): Promise<readonly PromiseSettledResult<PreparedRun>[]> {
    return Promise.allSettled(
      parts.map(async ({ pc, plan }, index): Promise<PreparedRun> => {
        const runs = this.options.runsAt(pc);
        if (!runs) return { kind: 'unreadable', failure: { kind: 'session-lost' } };
        const span = { id, part: index + 1, parts: parts.length };
        const late = (given: PreparedRun): void => void (given.kind === 'ready' && given.drop());
        const given = await this.#inTime(runs.prepare(plan, consents, { span }), late);
        return given ?? { kind: 'unreadable', failure: { kind: 'timed-out' } };
      }),
    );
  }

  /** Where one of the PCs is not as it was planned for, the whole is shown anew. */
  async #notBegun({ goal }: Joint, prepared: readonly PreparedRun[]): Promise<StartResult> {
    const unwritten = prepared.find((one) => one.kind === 'unreadable' && one.failure.kind.startsWith('journal-'));
    if (unwritten?.kind === 'unreadable') return unwritten;
    const plan = await this.plan(goal);
    return 'kind' in plan ? { kind: 'unreadable', failure: plan } : { kind: 'changed', plan };
  }

  cancel(run: RunId): void {
    for (const runs of this.options.all())
      for (const { id, span } of runs.records) if (span?.id === run) runs.cancel(id);
  }

  async threeWay(run: RunId): Promise<readonly ThreeWay[] | Failure> {
    const all = await Promise.all(
      partsOf(run, this.#records).map(async (record) => {
        const pc = pcOf(record);
        const ways = pc && (await this.options.runsAt(pc)?.threeWay(record.id));
        if (!pc || !ways) return { kind: 'not-found' } as const;
        return 'kind' in ways ? ways : ways.map((way) => ({ ...way, name: nameOn(way.name, this.#labelOf(pc)) }));
      }),
    );
    return all.find((one) => 'kind' in one) ?? all.flatMap((one) => ('kind' in one ? [] : one));
  }

  /** What is left of one that was cut short is settled on each PC by itself. */
  settle(): Promise<SettleResult> {
    return Promise.resolve({ kind: 'unknown-plan' });
  }
}
