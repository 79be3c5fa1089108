/** What Activity says of a run. */
import type { ThreeWay } from '../../src/core/run/undo.js';
import { begunAt, isCutShort, isSound, newestFirst, type RunRecord } from '../../src/core/run/record.js';
import { offSeconds, outcomesOf, progressOf } from '../../src/core/run/progress.js';
import { hasTouched } from '../../src/core/run/step-kinds.js';
import type { ChainProgress, Outcome, Progress, StepProgress } from '../../src/core/run/progress.js';

export type RunFace =
  | 'running'
  | 'done'
  | 'nothing'
  | 'partly'
  | 'failed'
  | 'cancelled'
  | 'unknown'
  | 'cut-short'
  | 'undo'
  | 'newer'
  | 'broken';

export interface RunView {
  readonly run: RunRecord;
  readonly face: RunFace;
  readonly progress: Progress;
  /** Settings that took. */
  readonly changed: readonly { readonly chain: ChainProgress; readonly outcome: Outcome }[];
  /** How many things it made inside machines. */
  readonly made: number;
  /** Something is not as it was before, be it on its way only. */
  readonly isTouched: boolean;
  /** Seconds that the one machine of the run was off. */
  readonly off: number | undefined;
  /** Where it stands or stopped: the number counts from 1 over all steps. */
  readonly at: StepProgress | undefined;
  readonly steps: number;
  /** Steps that are over, whatever came of them. */
  readonly over: number;
  /** Cut short since the sign-in ended. */
  readonly isInterrupted: boolean;
  readonly canUndo: boolean;
  readonly canDecide: boolean;
}

export function viewOf(run: RunRecord, running: ReadonlySet<string>): RunView {
  const progress = progressOf(run.plan, run.events);
  const changed = progress.chains.flatMap((chain) =>
    outcomesOf(chain)
      .filter(({ took }) => took === 'yes' || took === 'unknown')
      .map((outcome) => ({ chain, outcome })),
  );
  const steps = progress.chains.flatMap((chain) => chain.steps);
  const made = steps.filter(
    ({ step, state }) => step.makes !== undefined && (state === 'done' || state === 'unknown'),
  ).length;
  const touched = steps.filter(hasTouched).length;
  const face = faceOf(run, running, Math.max(touched, changed.length));
  const [only] = progress.chains;
  return {
    run,
    face,
    progress,
    changed,
    made,
    isTouched: Math.max(touched, changed.length) > 0,
    off:
      only && progress.chains.length === 1 && progress.ended
        ? offSeconds(only, Date.parse(progress.ended), progress.endedAfter)
        : undefined,
    at:
      steps.find(({ state }) => state === 'failed' || state === 'unknown') ??
      steps.find(({ state }) => state === 'running') ??
      steps.find(({ state }) => state === 'pending'),
    steps: steps.length,
    over: steps.filter(({ state }) => state !== 'pending' && state !== 'running').length,
    isInterrupted: run.events.some(({ kind }) => kind === 'interrupted'),
    canUndo:
      isSound(run) &&
      Math.max(touched, changed.length) > 0 &&
      run.undoneBy === undefined &&
      face !== 'running' &&
      face !== 'cut-short',
    canDecide: isSound(run) && face === 'cut-short',
  };
}

function faceOf(run: RunRecord, running: ReadonlySet<string>, changed: number): RunFace {
  if (run.trouble === 'newer-schema') return 'newer';
  if (run.trouble === 'broken') return 'broken';
  if (running.has(run.id) && run.outcome === undefined) return 'running';
  if (isCutShort(run, running)) return 'cut-short';
  if (run.undoneBy !== undefined || run.settled === 'undone') return 'undo';
  // Cut short and settled: left as it is, or finished by another run.
  if (run.outcome === undefined) return changed === 0 ? 'nothing' : 'partly';
  switch (run.outcome) {
    case 'done':
      return 'done';
    case 'partly':
      return 'partly';
    case 'failed':
      return changed === 0 ? 'failed' : 'partly';
    case 'cancelled':
      return 'cancelled';
    case 'unknown':
      return 'unknown';
  }
}

export interface Day {
  /** ISO 8601 of the first run shown of that day. */
  readonly at: string;
  readonly when: 'today' | 'yesterday' | 'earlier';
  readonly runs: readonly RunView[];
}

/** Newest first, as they were begun, by the calendar day of the reader. */
export function daysOf(views: readonly RunView[], now: Date): readonly Day[] {
  const sorted = views.toSorted((a, b) => newestFirst(a.run, b.run));
  const days = new Map<string, RunView[]>();
  for (const view of sorted) {
    const key = new Date(begunAt(view.run)).toDateString();
    const day = days.get(key);
    if (day) day.push(view);
    else days.set(key, [view]);
  }
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  return [...days].map(([key, runs]) => ({
    at: runs[0] ? begunAt(runs[0].run) : now.toISOString(),
    when: key === now.toDateString() ? 'today' : key === yesterday.toDateString() ? 'yesterday' : 'earlier',
    runs,
  }));
}

export interface ThreeWayGroups {
  readonly back: readonly ThreeWay[];
  readonly same: readonly ThreeWay[];
  readonly else: readonly ThreeWay[];
  /** Gone, one-way or unreadable: with the reason beside each. */
  readonly cannot: readonly ThreeWay[];
}

/** In the three groups of the page, and what has no way back. */
export function groupThreeWay(rows: readonly ThreeWay[]): ThreeWayGroups {
  const of = (...verdicts: ThreeWay['verdict'][]): ThreeWay[] =>
    rows.filter(({ verdict }) => verdicts.includes(verdict));
  return {
    back: of('undo'),
    same: of('already-so'),
    else: of('somebody-else', 'kept'),
    cannot: of('one-way', 'gone', 'unknown'),
  };
}

/** Why a value stays: Windows has no way back, or nothing is known to go back to. What was made says it in its own words. */
export function gapOf({ verdict, found, made }: ThreeWay) {
  if (made) return undefined;
  switch (verdict) {
    case 'gone':
      return 'activity.gapGone';
    case 'unknown':
      return 'activity.gapUnknown';
    case 'one-way':
      return found === null ? 'activity.gapNothing' : 'activity.gapOneWay';
    default:
      return undefined;
  }
}
