/** What is known of a run: its plan and what happened, as Activity shows it and a journal file holds it. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { Change, Chain, Plan, StepId } from '../change/step.js';
import type { Failure } from '../cmdlets/call.js';
import type { Goal, RunId, Thing } from '../machine/goal.js';

/** `skipped`: an earlier step of its chain stood in the way. `cancelled`: a person stopped the run before it. */
export type StepState = 'running' | 'done' | 'failed' | 'unknown' | 'skipped' | 'cancelled';

/** `while-off`: Windows refused to change the memory of a VM that runs; planned again, it is changed in an off-period. */
export type Offer = 'turn-off' | 'review' | 'while-off';

/** What happened, before it has a number and a time. */
export type RunHappening =
  | { readonly kind: 'started' }
  | {
      readonly kind: 'step';
      readonly vm: VmRef;
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
  | { readonly kind: 'replanned'; readonly vm: VmRef; readonly because: readonly Change[]; readonly chain: Chain }
  /** A chain needs an answer (turn off after shutting down failed, a new plan that needs a consent): it stops here. */
  | { readonly kind: 'stopped'; readonly vm: VmRef; readonly why: Message; readonly offer?: Offer }
  /** The sign-in ends: the run goes to its next safe end, or is ended before it gets there. */
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'ended'; readonly outcome: RunOutcome };

export type StepTold = Extract<RunHappening, { kind: 'step' }>;

export type RunEvent = RunHappening & {
  readonly run: RunId;
  readonly seq: number;
  /** ISO 8601, by the clock of the wall: to be shown. */
  readonly time: string;
  /** Seconds since the run began, on a clock that only goes forward and stands still while the PC sleeps. */
  readonly elapsed: number;
};

export type RunOutcome = 'done' | 'partly' | 'failed' | 'cancelled' | 'unknown';

/** Of several, what they come to together. */
export function outcomeOf(outcomes: readonly RunOutcome[]): RunOutcome {
  const [first = 'done'] = outcomes;
  if (outcomes.every((outcome) => outcome === first)) return first;
  return outcomes.includes('unknown') ? 'unknown' : 'partly';
}

/** A part of a change of several PCs: which one of how many. Its id is that of the whole. */
export interface Span {
  readonly id: RunId;
  readonly part: number;
  readonly parts: number;
}

/** What Activity shows of a run, and what a journal file holds. */
export interface RunRecord {
  readonly id: RunId;
  readonly schema: number;
  /** Counts the runs of this PC: a clock may be set back. */
  readonly order: number;
  readonly appVersion: string;
  readonly goal: Goal;
  readonly plan: Plan;
  /** absent: a change of this PC alone. */
  readonly span?: Span;
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

/** It has an undo: that of an undo is none, its settings are applied again from its own page. */
export const hasUndo = (run: Pick<RunRecord, 'trouble' | 'goal'>): boolean => isSound(run) && run.goal.kind !== 'undo';

/** Neither ended nor settled, nor at work in this app: `running` has what main carries out now. */
export const isCutShort = (
  { id, outcome, settled }: Pick<RunRecord, 'id' | 'outcome' | 'settled'>,
  running: Pick<ReadonlySet<RunId>, 'has'>,
): boolean => outcome === undefined && settled === undefined && !running.has(id);

/** ISO 8601: when it began; what was cut before its first event, when it was planned. To be shown: the order is not by it. */
export const begunAt = ({ events, plan }: RunRecord): string => events[0]?.time ?? plan.readAt;

export const newestFirst = (a: RunRecord, b: RunRecord): number => b.order - a.order;
