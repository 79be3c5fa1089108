/** A run is a plan being carried out; its events are all that is known of it, and are written down before they count. */
import type { Message } from '../text/index.js';
import type { Failure, Guid } from './call.js';
import type { Goal, RunId } from './goal.js';
import type { Change, Chain, Plan, StepId } from './plan.js';

export type StepState = 'running' | 'done' | 'failed' | 'unknown' | 'skipped' | 'cancelled';

export type RunEvent = { readonly run: RunId; readonly seq: number; /** ISO 8601 */ readonly time: string } & (
  | { readonly kind: 'started' }
  | {
      readonly kind: 'step';
      readonly vm: Guid;
      readonly step: StepId;
      readonly state: StepState;
      /** With `running`: the values found just before. With `done`: the values read back. */
      readonly found?: readonly Change[];
      readonly readBack?: readonly Change[];
      readonly failure?: Failure;
    }
  /** What the plan rests on changed: said, and the rest of this VM's chain planned anew. */
  | { readonly kind: 'replanned'; readonly vm: Guid; readonly because: readonly Change[]; readonly chain: Chain }
  /** A chain needs an answer (turn off after shutting down failed, a new plan that needs a consent): it stops here. */
  | { readonly kind: 'stopped'; readonly vm: Guid; readonly why: Message; readonly offer?: 'turn-off' | 'review' }
  | { readonly kind: 'ended'; readonly outcome: RunOutcome }
);

export type RunOutcome = 'done' | 'partly' | 'failed' | 'cancelled' | 'unknown';

/** What Activity shows of a run, and what a journal file holds. */
export interface RunRecord {
  readonly id: RunId;
  readonly schema: number;
  readonly appVersion: string;
  readonly goal: Goal;
  readonly plan: Plan;
  readonly events: readonly RunEvent[];
  /** undefined while it runs, or when it was cut short. */
  readonly outcome?: RunOutcome;
  /** How a run that was cut short was settled; a run that put it back. */
  readonly settled?: 'finished' | 'put-back' | 'left';
  readonly putBackBy?: RunId;
  /** A journal of a newer app: shown, not acted on. A damaged last line was left out. */
  readonly trouble?: 'newer-schema' | 'damaged';
}
