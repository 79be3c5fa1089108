/** What stands in the command bar beside the buttons. */
import type { Plan } from '../../src/core/change/step.js';
import type { ShownPlan } from '../../src/ipc/schema.js';
import type { MessageKey, Translator } from '../../src/text/index.js';
import { chooseNote as networkNote } from '../network/words.js';
import { inTheWay } from './choices.js';
import type { WayOn } from './ending.js';
import type { FilledForm } from './forms.js';

/** What comes of what is chosen, or why nothing does yet. */
export function chooseNote(t: Translator, form: FilledForm): string {
  if (form.page === 'inside') return t.message(form.ready.note);
  if (form.page === 'network') return networkNote(t, form.vm.name, form.choice);
  if (form.page === 'address') return addressNote(t, form);
  if (form.page === 'create') return createNote(t, form);
  if (!form.goal) return t('wizard.nothingChosen');
  const [first, ...others] = inTheWay(
    form.placed.map(({ vm }) => vm),
    form.draft,
  ).up;
  if (first === undefined) return t('wizard.nothingYet');
  const name = others.length === 0 ? first.name : t('app.machines', { count: others.length + 1 });
  return t(form.draft.after === 'off' ? 'wizard.nothingYetOff' : 'wizard.nothingYetRestart', { name });
}

function addressNote(t: Translator, { vm, resolved }: Extract<FilledForm, { page: 'address' }>): string {
  if (resolved.problem) return t.message(resolved.problem);
  return vm.state === 'Running' ? t('network.noteKeepsRunning', { name: vm.name }) : '';
}

function createNote(t: Translator, { filled }: Extract<FilledForm, { page: 'create' }>): string {
  if (filled.vm) return '';
  return t(filled.source !== 'empty' && (filled.file ?? '').trim() === '' ? 'create.noteFile' : 'create.noteName');
}

/** How old the values are that a plan was made from. `threeWay`: it undoes. `now`: milliseconds. */
export function readNote(t: Translator, plan: Plan, threeWay: ShownPlan['threeWay'], now: number): string {
  const age = Math.max(0, (now - Date.parse(plan.readAt)) / 1000);
  // Nothing of it was there to be read.
  if (plan.goal.kind === 'create') return '';
  if (plan.goal.kind !== 'undo') return t('wizard.readOnce', { age });
  return t(threeWay?.some(({ made }) => made !== undefined) ? 'wizard.readUndoneMade' : 'wizard.readUndone', { age });
}

/** The button of each way on. */
export const goOnWords = {
  again: 'wizard.tryAgainPlan',
  review: 'wizard.offerReview',
  'while-off': 'wizard.offerReview',
  'turn-off': 'wizard.offerTurnOff',
  undo: 'wizard.undoButton',
} as const satisfies Record<WayOn, MessageKey>;
