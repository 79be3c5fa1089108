/** Carries out plans: each event is written down before it counts, and two runs never change one VM at once. */
import { hostOf, wayTo, type VmRef } from '../core/cmdlets/ref.js';
import { randomUUID } from 'node:crypto';
import { namedIn } from '../core/change/checkpoint.js';
import { planWants } from '../core/change/plan.js';
import type { Plan, PlanOptions, PlanResult } from '../core/change/step.js';
import type { Host } from '../core/cmdlets/call.js';
import type { Goal, RunId, VmGoal } from '../core/machine/goal.js';
import type { Vm } from '../core/machine/machine.js';
import { withVms } from '../core/machine/tick.js';
import { machineAt, withMachine } from '../core/machine/tree.js';
import { INTERRUPTED } from '../core/run/deps.js';
import type { RunEvent, RunHappening, RunRecord, Span } from '../core/run/record.js';
import { runPlan } from '../core/run/run.js';
import type { Unread } from '../ipc/schema.js';
import { SCHEMA, type Head } from './journal-lines.js';
import type { Writer } from './journal.js';
import type { KnownRuns, UnderWay } from './known-runs.js';
import { Locks } from './locks.js';
import type { FactsDeps } from './plan-facts.js';

export interface RunnerDeps extends FactsDeps {
  /** Where events are written down. */
  readonly beginJournal: (head: Head) => Promise<Writer>;
  readonly appVersion: string;
  readonly onEvent: (event: RunEvent) => void;
  /** A run has begun, ended or been settled. */
  readonly onRecord: (record: RunRecord) => void;
  /** A bug of ours. */
  readonly failed: (error: unknown) => void;
  readonly wait: (seconds: number) => Promise<void>;
  /** Seconds on a clock that only goes forward, and stands still while the PC sleeps. */
  readonly elapsed: () => number;
}

/** A run that can begin, or why it cannot. Either `go` or `drop`, once. */
export type Prepared =
  { readonly kind: 'ready'; readonly run: RunId; readonly go: () => void; readonly drop: () => Promise<void> } | Unread;

export class Runner {
  /** Until all that a run leaves behind is written down too. */
  readonly #endings = new Set<Promise<void>>();
  readonly #locks = new Locks<VmRef>();
  /** No run begins any more. */
  #isInterrupted = false;

  /** `afterRun`: what a run that has ended means for others is written down before it counts as over. */
  constructor(
    private readonly runs: KnownRuns,
    private readonly deps: RunnerDeps,
    private readonly afterRun: (record: RunRecord, finishes: RunId | undefined) => Promise<void>,
  ) {}

  /** Written down, and begun by `go` or given up by `drop`: until then nothing is changed. */
  async prepare(
    plan: Plan,
    { finishes, span }: { readonly finishes?: RunId; readonly span?: Span },
  ): Promise<Prepared> {
    const host = this.deps.host();
    if (!host || this.#isInterrupted) return { kind: 'unreadable', failure: { kind: 'session-lost' } };
    const id = randomUUID();
    // Busy from now on: who leaves while the journal is made waits for it, and interrupts this one too.
    const own: UnderWay = {
      stop: new AbortController(),
      vms: new Set(plan.chains.flatMap(({ vm }) => wayTo(vm))),
      finishes,
    };
    this.runs.underWay.set(id, own);
    const end = this.#beginning();
    const prepared = await this.#journaled({ id, plan, ...(span && { span }) });
    if ('kind' in prepared) {
      end();
      return prepared;
    }
    const { head, writer } = prepared;
    return {
      kind: 'ready',
      run: id,
      go: () => {
        this.#go(head, own, writer, host);
        end();
      },
      drop: async () => {
        this.runs.underWay.delete(id);
        await writer.discard().catch(this.runs.unwritable);
        end();
      },
    };
  }

  /** Until what it answers is called, nobody is idle. */
  #beginning(): () => void {
    let end = (): void => undefined;
    const begun = new Promise<void>((resolve) => (end = resolve));
    this.#endings.add(begun);
    return () => {
      this.#endings.delete(begun);
      end();
    };
  }

  async #journaled(
    of: Pick<Head, 'id' | 'plan' | 'span'>,
  ): Promise<{ readonly head: Head; readonly writer: Writer } | Unread> {
    const { appVersion, beginJournal } = this.deps;
    try {
      const order = await this.runs.takeOrder();
      const head: Head = { ...of, schema: SCHEMA, order, appVersion, goal: of.plan.goal };
      return { head, writer: await beginJournal(head) };
    } catch (error) {
      // Nothing is changed that cannot be written down: it could not be undone.
      this.runs.underWay.delete(of.id);
      const isFull = this.runs.unwritable(error).why === 'full';
      return { kind: 'unreadable', failure: { kind: isFull ? 'journal-full' : 'journal-unwritable' } };
    }
  }

  #go(head: Head, { stop, finishes }: UnderWay, writer: Writer, host: Host): void {
    const { id, plan } = head;
    const { keep, record } = this.#recording(head, writer);
    // Written down at once: the app may be ended before the run is where it can stop.
    const noteInterrupt = (): void => {
      if (stop.signal.reason === INTERRUPTED) void record({ kind: 'interrupted' });
    };
    if (stop.signal.aborted) noteInterrupt();
    else stop.signal.addEventListener('abort', noteInterrupt);
    const ended = this.#carryOut(plan, host, record, stop.signal)
      .catch(this.deps.failed)
      .then(async () => {
        await writer.close().catch(() => undefined);
        this.runs.underWay.delete(id);
        await this.afterRun(keep(), finishes);
      })
      .finally(() => this.#endings.delete(ended));
    this.#endings.add(ended);
    this.deps.onRecord(keep());
  }

  #recording(head: Head, writer: Writer) {
    const events: RunEvent[] = [];
    const began = this.deps.elapsed();
    const keep = (): RunRecord => {
      const ended = events.findLast((event) => event.kind === 'ended');
      return this.runs.keep({
        ...head,
        events: [...events],
        ...(ended?.kind === 'ended' ? { outcome: ended.outcome } : {}),
      });
    };
    const record = async (happening: RunHappening): Promise<boolean> => {
      const elapsed = Math.round((this.deps.elapsed() - began) * 1000) / 1000;
      const time = (this.deps.now?.() ?? new Date()).toISOString();
      const event: RunEvent = { ...happening, run: head.id, seq: events.length, time, elapsed };
      events.push(event);
      const fault = await writer.record(event).catch(this.runs.unwritable);
      // What cannot be written down is known as long as the app runs.
      keep();
      this.deps.onEvent(event);
      return fault === undefined;
    };
    return { keep, record };
  }

  async #carryOut(
    plan: Plan,
    host: Host,
    record: (happening: RunHappening) => Promise<boolean>,
    signal: AbortSignal,
  ): Promise<void> {
    // As it was planned with, before this run is the last one.
    const { refusedRunning } = this.runs.learned;
    const { readVms, machine, readNetwork, wait, elapsed } = this.deps;
    await runPlan(plan, {
      host,
      readVms,
      record,
      planAgain: (goal, vm, firstNumber) =>
        this.#planAgain(plan, goal, vm, { firstNumber, ...(refusedRunning && { refusedRunning }) }),
      root: machine,
      ...(readNetwork && { readNetwork }),
      lock: (vm) => this.#locks.take(vm),
      wait,
      now: elapsed,
      signal,
    });
  }

  /** The rest for one VM, as it is now. */
  #planAgain(plan: Plan, goal: VmGoal, vm: Vm, options: Omit<PlanOptions, 'id'>): PlanResult {
    const machine = this.deps.machine();
    if (!machine) return { kind: 'already-so' };
    const given: Goal = { kind: 'vms', wants: [goal], consents: plan.consents.map(({ consent }) => consent) };
    const at = hostOf(goal.vm);
    const around = machineAt(machine, at);
    const known = around ? withMachine(machine, at, withVms(around, [vm], [])) : machine;
    return planWants(known, given, [goal], { id: randomUUID(), nameCheckpoint: namedIn(plan), ...options });
  }

  cancel(run: RunId): void {
    this.runs.underWay.get(run)?.stop.abort();
  }

  /** The sign-in ends: every run goes to its next safe end, and none begins any more. What is left of them the next start asks about. */
  interrupt(): void {
    this.#isInterrupted = true;
    for (const { stop } of this.runs.underWay.values()) stop.abort(INTERRUPTED);
  }

  /** Resolves when nothing runs any more. */
  async idle(): Promise<void> {
    // What begins meanwhile ends too.
    while (this.#endings.size > 0) await Promise.all(this.#endings);
  }
}
