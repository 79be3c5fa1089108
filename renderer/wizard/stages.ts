/** Where a wizard is, as one value: what belongs to another stage cannot be there. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { Failure } from '../../src/core/cmdlets/call.js';
import type { Change, Plan } from '../../src/core/change/step.js';
import { progressOf, type Progress } from '../../src/core/run/progress.js';
import type { Goal, Consent, RunId, VmsGoal, VmWant, Wish } from '../../src/core/machine/goal.js';
import { isSound, type RunRecord } from '../../src/core/run/record.js';
import { keyOfWay } from '../../src/core/run/undo.js';
import type { ShownPlan } from '../../src/ipc/schema.js';
import { waysOn, type WayOn } from './ending.js';
import type { NotStarted } from './asking.js';
import { changesBetween } from './changed.js';
import type { CreateForm, FilledForm, Form } from './forms.js';
import type { NothingBack } from './nothing-back.js';
import { withValue, withVms, type UndoGoal, type Way } from './undo-goal.js';

/** A goal, and the form that it was chosen on and can be changed on. */
interface Chosen<Want extends Wish = VmWant> {
  readonly goal: VmsGoal<Want>;
  readonly form: Form;
}
/** Undoing is asked for by itself: its ticks are in the goal. */
interface Undoing {
  readonly goal: UndoGoal;
  readonly form: null;
}
/** `null`: what is on the form is not enough yet. */
interface Creating<G extends CreateGoal | null = CreateGoal> {
  readonly goal: G;
  readonly form: CreateForm;
}
type CreateGoal = Extract<Goal, { kind: 'create' }>;
/** Nothing of it is chosen in the wizard: there is no form to go back to. */
interface Decided {
  readonly goal: VmsGoal;
  readonly form: null;
}
export type Asked = Chosen | Decided | Undoing | Creating;
export const isOfVms = (asked: Asked): asked is Chosen | Decided => asked.goal.kind === 'vms';
/** Something is still to be chosen. */
type Open = Chosen<Wish> | Creating<CreateGoal | null>;

/** What outlasts a plan that has to be made again for the same goal. */
export interface Kept {
  readonly given: ReadonlySet<Consent>;
  /** What changed since the plan before this one was shown. */
  readonly changed: readonly Change[] | null;
  /** The plan before this one was too old to run. */
  readonly isLost: boolean;
}
const nothingKept: Kept = { given: new Set(), changed: null, isLost: false };

export interface Planning {
  readonly kind: 'planning';
  readonly asked: Asked;
  readonly kept: Kept;
}

/** The plan could not be made; `failure`: what Windows said, where it said something. */
interface Trouble {
  readonly kind: 'trouble';
  readonly asked: Asked;
  readonly kept: Kept;
  readonly failure: Failure | undefined;
}

/** What a plan came to: to be carried out, so already, or blocked. */
export interface Review {
  readonly kind: 'review';
  readonly asked: Asked;
  readonly kept: Kept;
  readonly shown: ShownPlan;
  /** What main was asked for and has not answered yet. */
  readonly busy: 'starting' | 'planning' | null;
  /** Once this machine can be looked into, it is planned again. `isOpen`: its account is being asked for. */
  readonly account: (NonNullable<NothingBack['inside']> & { readonly isOpen: boolean }) | null;
}

interface RunStage {
  readonly kind: 'run';
  readonly run: RunId;
  /** What was shown before it began; undefined: it was opened from History. */
  readonly before: { readonly asked: Asked; readonly shown: ShownPlan } | undefined;
  readonly isStopping: boolean;
  /** undefined: the recommended one. */
  readonly way: WayOn | undefined;
  /** The VM that could not be connected to. */
  readonly unreached: string | undefined;
}

export type Stage = { readonly kind: 'choosing'; readonly asked: Open } | Planning | Trouble | Review | RunStage;

export type RunPage =
  | { readonly kind: 'run-gone' }
  | {
      readonly kind: 'running';
      readonly plan: Plan;
      readonly progress: Progress;
      readonly script: ShownPlan['script'] | undefined;
    }
  | {
      readonly kind: 'done';
      readonly run: RunRecord | undefined;
      readonly plan: Plan;
      readonly progress: Progress;
      readonly canUndo: boolean;
      readonly ways: readonly WayOn[];
      readonly way: WayOn | undefined;
    };

type Already = Extract<ShownPlan['result'], { kind: 'already-so' }>;
type Blocked = Extract<ShownPlan['result'], { kind: 'blocked' }>;

/** The four stages that the head shows. */
export type Place = 'choose' | 'review' | 'run' | 'done';

/** The stages that this wizard has: an undo chooses nothing, and what was opened from History has run already. */
export function stagesOf(stage: Stage): readonly Place[] {
  const asked = askedOf(stage);
  return [...(asked?.form ? (['choose'] as const) : []), ...(asked ? (['review'] as const) : []), 'run', 'done'];
}

/** What a page has to show of what the planner says. */
export type PlanPage =
  | { readonly kind: 'vm-gone' }
  | { readonly kind: 'planning' }
  | Trouble
  | { readonly kind: 'already-so'; readonly review: Review; readonly result: Already }
  | { readonly kind: 'blocked'; readonly review: Review; readonly result: Blocked }
  | { readonly kind: 'review'; readonly review: Review; readonly plan: Plan };

export type Page = { readonly kind: 'form'; readonly form: FilledForm } | PlanPage | RunPage;

export const askedOf = (stage: Stage): Asked | Open | undefined =>
  stage.kind === 'run' ? stage.before?.asked : stage.asked;

/** There is a form to go back to. */
export const canGoBack = (stage: Stage, page: Page): boolean =>
  (stage.kind === 'review' || stage.kind === 'trouble') && stage.asked.form !== null && page.kind !== 'vm-gone';

/** Something was chosen that goes with the wizard. */
export const losesChoice = (stage: Stage, page: Page): boolean =>
  page.kind === 'form' ||
  page.kind === 'review' ||
  canGoBack(stage, page) ||
  (page.kind === 'planning' && stage.kind === 'planning' && stage.asked.form !== null);

export const planningOf = (asked: Asked, kept: Kept = nothingKept): Planning => ({ kind: 'planning', asked, kept });

export const troubleOf = (asked: Asked, kept: Kept, failure: Failure | undefined): Trouble => ({
  kind: 'trouble',
  asked,
  kept,
  failure,
});

export const reviewOf = ({ asked, kept }: Planning, shown: ShownPlan): Review => ({
  kind: 'review',
  asked,
  kept,
  shown,
  busy: null,
  account: null,
});

export const runOf = (run: RunId, before?: RunStage['before']): RunStage => ({
  kind: 'run',
  run,
  before,
  isStopping: false,
  way: undefined,
  unreached: undefined,
});

/** Its account is not asked for any more. */
export const accountClosed = (stage: Stage): Stage =>
  stage.kind === 'review' && stage.account ? { ...stage, account: { ...stage.account, isOpen: false } } : stage;

/** With what was chosen on its form. */
export const withForm = (stage: Stage, form: Form): Stage =>
  stage.kind === 'choosing' && stage.asked.goal?.kind === 'vms'
    ? { ...stage, asked: { goal: stage.asked.goal, form } }
    : stage;
/** With what was chosen of a VM to be made. */
export const withNewVm = (stage: Stage, change: Partial<Omit<CreateForm, 'page'>>): Stage =>
  stage.kind === 'choosing' && stage.asked.form.page === 'create'
    ? { ...stage, asked: { goal: null, form: { ...stage.asked.form, ...change } } }
    : stage;

/** What the form comes to; undefined: nothing that can be planned. */
export function askedNow(stage: Stage, goal: Goal | null): Asked | undefined {
  if (stage.kind !== 'choosing' || !goal) return undefined;
  const { form } = stage.asked;
  if (form.page === 'create') return goal.kind === 'create' ? { goal, form } : undefined;
  return goal.kind === 'vms' ? { goal, form } : undefined;
}

/** The plan that is shown, where there is one to carry out. */
export const planIn = ({ result }: ShownPlan): Plan | undefined => (result.kind === 'ready' ? result.plan : undefined);

/** Where a plan leads that main has not started. Ticks go where something else is agreed to than was ticked. */
export function notStarted({ asked, kept, ...review }: Review, plan: Plan, answer: NotStarted): Stage {
  const given = nothingKept.given;
  switch (answer.kind) {
    case 'changed': {
      const next = planIn(answer.plan);
      const changed = next ? changesBetween(plan, next) : [];
      return reviewOf(planningOf(asked, { ...kept, given, changed }), answer.plan);
    }
    case 'consent-missing':
      return { ...review, asked, kept: { ...kept, given }, busy: null };
    case 'unknown-plan':
      return planningOf(asked, { ...kept, isLost: true });
    case 'unreadable':
      return troubleOf(asked, kept, answer.failure);
  }
}

export function pageOfRun({ before, way: chosen }: RunStage, record: RunRecord | undefined): RunPage {
  const plan = record?.plan ?? (before && planIn(before.shown));
  if (!plan) return { kind: 'run-gone' };
  const progress = progressOf(plan, record?.events ?? []);
  if (progress.outcome === undefined) return { kind: 'running', plan, progress, script: before?.shown.script };
  const canUndo = record === undefined || isSound(record);
  const ways = waysOn(progress, canUndo, plan.goal.kind === 'create');
  const way = chosen !== undefined && ways.includes(chosen) ? chosen : ways[0];
  return { kind: 'done', run: record, plan, progress, canUndo, ways, way };
}

export function pageOfReview(review: Review): PlanPage {
  const { result } = review.shown;
  switch (result.kind) {
    case 'already-so':
      return { kind: 'already-so', review, result };
    case 'blocked':
      return { kind: 'blocked', review, result };
    case 'ready':
      return { kind: 'review', review, plan: result.plan };
  }
}

/** What the head shows as past, now and to come. */
export function placeOf(stage: Stage, page: Page): Place {
  if (stage.kind === 'choosing') return 'choose';
  if (stage.kind !== 'run') return 'review';
  return page.kind === 'done' && page.progress.outcome === 'done' ? 'done' : 'run';
}

/** An undo that asks for something else; what undoes nothing is asked for as it was. */
const undoing =
  (change: (goal: UndoGoal, all: readonly VmRef[]) => UndoGoal) =>
  (asked: Asked, all: readonly VmRef[]): Asked =>
    asked.goal.kind === 'undo' ? { goal: change(asked.goal, all), form: null } : asked;

/** A value that somebody else changed since, or a checkpoint, goes too or does not. */
export const takingAlong = (way: Way, on: boolean) => undoing((goal) => withValue(goal, way, on));
/** These VMs go back too, or do not. */
export const takingVms = (vms: readonly VmRef[], on: boolean) => undoing((goal, all) => withVms(goal, all, vms, on));

/** The VMs that an undo is for; undefined: all of its run. */
export const onlyOf = ({ asked: { goal } }: Review): ReadonlySet<VmRef> | undefined =>
  goal.kind === 'undo' && goal.only ? new Set(goal.only) : undefined;

/** What somebody else changed since and goes back too. */
export const alsoOf = ({ asked: { goal } }: Review): ReadonlySet<string> =>
  new Set(goal.kind === 'undo' ? goal.also?.map(keyOfWay) : []);
