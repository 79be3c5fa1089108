/** What is changed at once, and what is shown in the wizard first: one rule for the tray and the window. Pure. */
import type { VmWant } from '../machine/goal.js';
import type { AdapterId } from '../cmdlets/call.js';
import type { Machine, Vm } from '../machine/machine.js';
import type { Plan } from './step.js';
import {
  canChangeSpoofing,
  canResume,
  canShutDown,
  canStart,
  canTurnNestingOff,
  canTurnNestingOn,
  type Switchable,
} from '../machine/vm-state.js';

/** `now`: nothing stops or is lost. `review`: the wizard shows it first. `no`: its state, or the PC, does not allow it. */
export type HowToChange = Switchable['can'];

/** From what is known now, so that a button says it before the click; what a plan finds out counts as well (`needsReview`). */
export function howToChange(machine: Machine, vm: Vm, want: VmWant): HowToChange {
  const { nesting, power, adapters, ...others } = want;
  const ways: HowToChange[] = [];
  if (nesting !== undefined) ways.push((nesting ? canTurnNestingOn(machine, vm) : canTurnNestingOff(vm)).can);
  if (power === 'running') ways.push(canStart(vm) || canResume(vm) ? 'now' : 'no');
  if (power === 'off') ways.push(canShutDown(vm) ? 'review' : 'no');
  if (adapters !== undefined) ways.push(howToChangeAdapters(vm, Object.keys(adapters)));
  if (Object.keys(others).length > 0) ways.push('review');
  // Several changes at once: which, and in what order, is looked at.
  if (ways.length > 1) ways.push('review');
  return (['no', 'review'] as const).find((way) => ways.includes(way)) ?? 'now';
}

function howToChangeAdapters(vm: Vm, adapters: readonly AdapterId[]): HowToChange {
  const known = new Map((vm.adapters ?? []).map(({ id, macSpoofing }) => [id, macSpoofing]));
  if (adapters.length === 0 || !canChangeSpoofing(vm)) return 'no';
  if (adapters.some((id) => known.get(id) === undefined)) return 'no';
  // Where there are several the wizard shows which.
  return adapters.length === 1 ? 'now' : 'review';
}

/**
 * A plan with something to agree to, or that cannot be undone, never runs from one click. Starting what was saved or paused
 * does: it is what was asked for, and nothing of it is lost.
 */
export const needsReview = ({ consents, oneWay }: Pick<Plan, 'consents' | 'oneWay'>): boolean =>
  consents.length > 0 || oneWay.some(({ path }) => !path.endsWith('/power'));
