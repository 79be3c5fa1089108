/** Where a wizard begins: with something to choose, or with the plan where that is decided already. */
import { hostOf, idOf, outermostOf, rootOf, type VmRef } from '../../src/core/cmdlets/ref.js';
import { systemOf } from '../../src/core/checks/purposes.js';
import { machineAt } from '../../src/core/machine/tree.js';
import type { Goal, VmGoal, VmsGoal, Wish, WishedGoal } from '../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { isSaved } from '../../src/core/machine/vm-state.js';
import type { RunRecord, Span } from '../../src/core/run/record.js';
import type { Plan } from '../../src/core/change/step.js';
import type { StepId } from '../../src/core/change/setup.js';
import type { Words } from '../../src/text/index.js';
import { guestAt, readiness } from '../inside/guest.js';
import { byHandOf, type ByHand } from '../network/by-hand.js';
import { app, t } from '../state/app.svelte.js';
import { findRun, runsFor } from '../state/runs.js';
import { isDecided, recommendationsOf, tickedBy, withRecommended, type Placed } from './choices.js';
import { draftOf } from '../create/draft.js';
import {
  checksIf,
  fillIn,
  fillInVm,
  formOf,
  type CreateForm,
  type FilledForm,
  type Form,
  type Subject,
} from './forms.js';
import { memoryPageOf, type Opening } from './origin.js';
import { planningOf, runOf, type Asked, type Page, type Stage } from './stages.js';
import { titleOfGoal, titleOfRun } from './titles.js';

/** The machine around a VM, of whichever PC. */
const around = (ref: VmRef): Machine | undefined => machineAt(app.of(rootOf(ref))?.machine ?? null, hostOf(ref));

/** Those that are there. */
export const placedOf = (wants: readonly VmGoal<Wish>[]): readonly Placed[] =>
  wants.flatMap(({ vm: ref }) => {
    const [vm, machine] = [app.vm(ref), around(ref)];
    return vm && machine ? [{ ref, vm, machine }] : [];
  });
export const machineOf = ([first]: readonly VmGoal<Wish>[]): Machine | undefined =>
  first ? around(first.vm) : machineAt(app.state?.machine ?? null, app.at);

/** What is known now of what is asked for; undefined: the machine that it is in is not there. */
function subjectOf(wants: readonly VmGoal<Wish>[]): Subject | undefined {
  const machine = machineOf(wants);
  if (!machine) return undefined;
  const placed = placedOf(wants);
  const [first] = placed;
  const vm = first?.vm;
  const guest = first && guestAt(first.ref);
  return {
    wants,
    machine,
    placed,
    system: vm && systemOf(vm, guest?.status === 'refused' ? guest.why : undefined),
    isRunning: vm !== undefined && readiness(vm) === 'ready',
  };
}

/** A goal with the form that it can be changed on. */
export function askedFor(goal: Goal): Asked {
  switch (goal.kind) {
    case 'vms':
      // What was typed on the page of the VM: its address comes as it is offered.
      return goal.wants.some(({ want }) => want.ports) ? { goal, form: null } : { goal, form: formFor(goal.wants) };
    case 'create':
      return { goal, form: { page: 'create', draft: draftOf(goal.vm), found: undefined } };
    case 'undo':
      return { goal, form: null };
  }
}
const emptyForm: CreateForm = { page: 'create', draft: {}, found: undefined };
const formFor = (wants: readonly VmGoal<Wish>[]): Form => formOf(wants, placedOf(wants)[0]?.vm);

/** No network is left to be chosen. */
const isPlannable = (goal: WishedGoal): goal is Goal =>
  goal.kind !== 'vms' || goal.wants.every(({ want }) => want.network !== 'choose' && want.address !== 'choose');

/** Where it begins: what is decided already is planned at once. */
export function firstStage(opening: Opening, setup: StepId | undefined): Stage {
  if (opening.kind === 'run') return runOf(opening.run);
  if (opening.kind === 'create') return { kind: 'choosing', asked: { goal: null, form: emptyForm } };
  if (!isPlannable(opening.goal))
    return { kind: 'choosing', asked: { goal: opening.goal, form: formFor(opening.goal.wants) } };
  const asked = askedFor(opening.goal);
  if (asked.form === null || asked.form.page === 'create') return planningOf(asked);
  const { goal, form } = asked as Extract<Asked, { readonly goal: VmsGoal; readonly form: Form }>;
  const placed = placedOf(goal.wants);
  // The setup has asked what for, and an account is there: nothing is left to choose.
  if (form.page === 'inside' && setup && placed[0]?.vm.guest) return planningOf(asked);
  // It was chosen on its page.
  if (form.page === 'address') return planningOf(asked);
  if (form.page !== 'settings') return { kind: 'choosing', asked };
  const checks = checksIf(form.draft, placed);
  // What a saved state becomes is asked here in any case.
  const isChosen = memoryPageOf(opening) !== undefined && !placed.some(({ vm }) => isSaved(vm.state));
  if (isChosen || isDecided(placed, goal.wants, checks)) return planningOf(asked);
  const draft = withRecommended(form.draft, tickedBy(placed, recommendationsOf(checks)));
  return { kind: 'choosing', asked: { goal, form: { page: 'settings', draft } } };
}

/** The form with what it is about; undefined: that is not there, or nothing is to be chosen. */
export function formAt(stage: Stage): FilledForm | undefined {
  if (stage.kind !== 'choosing') return undefined;
  const { goal, form } = stage.asked;
  return form.page === 'create'
    ? fillInVm(form, app.state?.machine ?? undefined)
    : fillIn(form, subjectOf(goal?.kind === 'vms' ? goal.wants : []));
}

/** The VM on whose page its subject is; undefined: several, or none. */
export function pageOf(wants: readonly VmGoal<Wish>[]): Vm | undefined {
  const [placed, ...others] = placedOf(wants);
  return placed && others.length === 0 ? app.vm(outermostOf(placed.ref)) : undefined;
}

/** The VM that was made, and is there. */
export function madeOn(page: Page): VmRef | undefined {
  if (page.kind !== 'done' || page.plan.goal.kind !== 'create') return undefined;
  const vm = page.progress.chains[0]?.chain.vm;
  return vm !== undefined && app.vm(vm) ? vm : undefined;
}

/** Of the undo of a part: the change of several PCs that it is a part of. */
export function partOf(goal: Goal): Span | undefined {
  const span = goal.kind === 'undo' ? findRun(goal.run)?.span : undefined;
  return span && span.parts > 1 ? span : undefined;
}

/** What a person runs by hand in nested VMs that nobody can enter. */
export function byHandFor(plan: Plan, addresses: Parameters<typeof byHandOf>[2]): readonly ByHand[] {
  const [first] = plan.chains;
  return first ? byHandOf(plan, app.of(rootOf(first.vm))?.machine ?? null, addresses) : [];
}

/** What the wizard is called: by its run, else by what is wanted. */
export function titleOf(record: RunRecord | undefined, goal: WishedGoal | null | undefined): Words {
  const asked = record?.goal ?? goal;
  const runs = runsFor(asked?.kind === 'undo' ? asked.run : undefined);
  if (record) return titleOfRun(t, record, runs);
  if (goal === null) return t('create.pageTitle');
  if (!goal) return t('wizard.activity');
  return titleOfGoal(t, goal, runs, ({ vm }) => app.vm(vm)?.name ?? idOf(vm).slice(0, 8));
}
