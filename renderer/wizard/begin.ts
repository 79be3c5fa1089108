/** Where a wizard begins: with something to choose, or with the plan where that is decided already. */
import { vmIn, thisPc, hostOf, idOf } from '../../src/core/cmdlets/ref.js';
import { systemOf } from '../../src/core/checks/purposes.js';
import { machineAt } from '../../src/core/machine/tree.js';
import type { Goal, VmGoal, Wish, WishedGoal } from '../../src/core/machine/goal.js';
import type { Machine, Vm } from '../../src/core/machine/machine.js';
import { isSaved } from '../../src/core/machine/vm-state.js';
import type { RunRecord } from '../../src/core/run/record.js';
import type { StepId } from '../../src/core/change/setup.js';
import type { Words } from '../../src/text/index.js';
import { guestAt, readiness } from '../inside/guest.js';
import { app, t } from '../state/app.svelte.js';
import { isDecided, recommendationsOf, tickedBy, withRecommended } from './choices.js';
import { checksIf, formOf, type Form, type Subject } from './forms.js';
import { memoryPageOf, type Opening } from './origin.js';
import { planningOf, runOf, type Asked, type Stage } from './stages.js';
import { titleOfGoal, titleOfRun } from './titles.js';

export const vmsOf = (wants: readonly VmGoal<Wish>[]): readonly Vm[] => wants.flatMap(({ vm }) => app.vm(vm) ?? []);
export const machineOf = ([first]: readonly VmGoal<Wish>[]): Machine | undefined =>
  machineAt(app.state?.machine ?? null, first ? hostOf(first.vm) : thisPc);

/** What is known now of what is asked for; undefined: the machine that it is in is not there. */
export function subjectOf(wants: readonly VmGoal<Wish>[]): Subject | undefined {
  const machine = machineOf(wants);
  if (!machine) return undefined;
  const vms = vmsOf(wants);
  const [vm] = vms;
  const guest = vm && guestAt(vmIn(machine.at, vm.id));
  return {
    wants,
    machine,
    vms,
    system: vm && systemOf(vm, guest?.status === 'refused' ? guest.why : undefined),
    isRunning: vm !== undefined && readiness(vm) === 'ready',
  };
}

/** A goal with the form that it can be changed on. */
export function askedFor(goal: Goal): Asked {
  if (goal.kind === 'undo') return { goal, form: null };
  return goal.wants.some(({ want }) => want.address) ? { goal, form: null } : { goal, form: formFor(goal.wants) };
}
const formFor = (wants: readonly VmGoal<Wish>[]): Form => formOf(wants, vmsOf(wants)[0]);

/** No network is left to be chosen. */
const isPlannable = (goal: WishedGoal): goal is Goal =>
  goal.kind === 'undo' || goal.wants.every(({ want }) => want.network !== 'choose');

/** Where it begins: what is decided already is planned at once. */
export function firstStage(opening: Opening, setup: StepId | undefined): Stage {
  if (opening.kind === 'run') return runOf(opening.run);
  if (!isPlannable(opening.goal))
    return { kind: 'choosing', asked: { goal: opening.goal, form: formFor(opening.goal.wants) } };
  const asked = askedFor(opening.goal);
  if (asked.form === null) return planningOf(asked);
  const { goal, form } = asked;
  const vms = vmsOf(goal.wants);
  // The setup has asked what for, and an account is there: nothing is left to choose.
  if (form.page === 'inside' && setup && vms[0]?.guest) return planningOf(asked);
  if (form.page !== 'settings') return { kind: 'choosing', asked };
  const machine = machineOf(goal.wants);
  const checks = machine ? checksIf(form.draft, machine, vms) : [];
  // What a saved state becomes is asked here in any case.
  const isChosen = memoryPageOf(opening) !== undefined && !vms.some(({ state }) => isSaved(state));
  if (isChosen || isDecided(vms, goal.wants, checks)) return planningOf(asked);
  const draft = withRecommended(form.draft, tickedBy(vms, recommendationsOf(checks)));
  return { kind: 'choosing', asked: { goal, form: { page: 'settings', draft } } };
}

/** What the wizard is called: by its run, else by what is wanted. */
export function titleOf(
  record: RunRecord | undefined,
  goal: WishedGoal | undefined,
  runs: readonly RunRecord[],
): Words {
  if (record) return titleOfRun(t, record, runs);
  if (!goal) return t('wizard.activity');
  return titleOfGoal(t, goal, runs, ({ vm }) => app.vm(vm)?.name ?? idOf(vm).slice(0, 8));
}
