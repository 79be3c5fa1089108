/** What is changed at once, what is shown in the wizard first, and what came of a click: one rule for the tray and the window. */
import type { Message } from '../../text/index.js';
import { titleOfFailure } from '../errors/failures.js';
import type { Goal, RunId, VmWant } from '../machine/goal.js';
import type { AdapterId, Failure } from '../cmdlets/call.js';
import type { Machine, Vm } from '../machine/machine.js';
import type { Plan, PlanResult } from './step.js';
import { canChangeSpoofing, canResume, canShutDown, canStart } from '../machine/vm-state.js';
import { canTurnNestingOff, canTurnNestingOn, type Switchable } from '../machine/nesting.js';
import { ifRead } from '../machine/reading.js';

/** `now`: nothing stops or is lost. `review`: the wizard shows it first. `no`: its state, or the PC, does not allow it. */
export type HowToChange = Switchable['can'];

/** From what is known now, so that a button says it before the click; what a plan finds out counts as well (`needsReview`). */
export function howToChange(machine: Machine, vm: Vm, want: VmWant): HowToChange {
  const { nesting, power, adapters, ...others } = want;
  const ways: HowToChange[] = [];
  if (nesting !== undefined) ways.push((nesting ? canTurnNestingOn(machine, vm) : canTurnNestingOff(machine, vm)).can);
  if (power === 'running') ways.push(canStart(vm) || canResume(vm) ? 'now' : 'no');
  if (power === 'off') ways.push(canShutDown(vm) ? 'review' : 'no');
  if (adapters !== undefined) ways.push(howToChangeAdapters(vm, Object.keys(adapters)));
  if (Object.keys(others).length > 0) ways.push('review');
  // Several changes at once: which, and in what order, is looked at.
  if (ways.length > 1) ways.push('review');
  return (['no', 'review'] as const).find((way) => ways.includes(way)) ?? 'now';
}

function howToChangeAdapters(vm: Vm, adapters: readonly AdapterId[]): HowToChange {
  const known = new Map(ifRead(vm.adapters, [], (all) => all.map(({ id, macSpoofing }) => [id, macSpoofing])));
  if (adapters.length === 0 || !canChangeSpoofing(vm)) return 'no';
  if (adapters.some((id) => known.get(id) === undefined)) return 'no';
  // Where there are several the wizard shows which.
  return adapters.length === 1 ? 'now' : 'review';
}

/** MAC address spoofing, on or off, for each of these adapters. */
export const spoofingWant = (
  adapters: readonly { readonly id: AdapterId }[],
  macSpoofing: 'On' | 'Off',
): Required<Pick<VmWant, 'adapters'>> => ({
  adapters: Object.fromEntries(adapters.map(({ id }) => [id, { macSpoofing }])),
});

/**
 * A plan with something to agree to, or that cannot be undone, never runs from one click. Starting what was saved or paused
 * does: it is what was asked for, and nothing of it is lost.
 */
export const needsReview = ({ consents, oneWay }: Pick<Plan, 'consents' | 'oneWay'>): boolean =>
  consents.length > 0 || oneWay.some(({ path }) => !path.endsWith('/power'));

/** What came of a click: it runs, is to be looked at first, cannot be, or is so already. */
export type OneClick =
  | { readonly kind: 'started'; readonly run: RunId }
  | { readonly kind: 'review' }
  | { readonly kind: 'already' }
  | { readonly kind: 'refused'; readonly by: 'check' | 'failure'; readonly why: Message };

/** Where plans are made and carried out: in main, or in main through the window's bridge. */
export interface Planner {
  /** A failure: the reading that it would rest on could not be had. */
  readonly plan: (goal: Goal) => Promise<{ readonly result: PlanResult } | Failure>;
  readonly start: (
    plan: Plan['id'],
  ) => Promise<
    | { readonly kind: 'started'; readonly run: RunId }
    | { readonly kind: 'unreadable'; readonly failure: Failure }
    | { readonly kind: 'consent-missing' | 'changed' | 'unknown-plan' }
  >;
}

/** Plans a goal, and starts it where nothing has to be looked at first. */
export async function oneClick(planner: Planner, goal: Goal): Promise<OneClick> {
  const prepared = prepare(await planner.plan(goal));
  return prepared.kind === 'ready' ? await begin(planner, prepared.plan) : prepared;
}

/** What a click comes to as it was planned. */
export function prepare(
  planned: Awaited<ReturnType<Planner['plan']>>,
): { readonly kind: 'ready'; readonly plan: Plan } | OneClick {
  if (!('result' in planned)) return refusedBy(planned);
  const { result } = planned;
  switch (result.kind) {
    case 'already-so':
      return { kind: 'already' };
    case 'blocked': {
      const [check] = result.by.flatMap(({ checks }) => checks);
      return check ? { kind: 'refused', by: 'check', why: check.title } : { kind: 'review' };
    }
    case 'ready':
      return needsReview(result.plan) ? { kind: 'review' } : result;
  }
}

export async function begin(planner: Pick<Planner, 'start'>, { id }: Plan): Promise<OneClick> {
  const started = await planner.start(id);
  if (started.kind === 'started') return started;
  // What it rested on changed in between: looked at, not done blindly.
  return started.kind === 'unreadable' ? refusedBy(started.failure) : { kind: 'review' };
}

const refusedBy = (failure: Failure): OneClick => ({
  kind: 'refused',
  by: 'failure',
  why: titleOfFailure(failure),
});
