/** The rest of a chain planned anew, since what it rests on changed: only what was shown, and agreed to, is done without a person. */
import {
  hasAgreed,
  type Change,
  type Chain,
  type Plan,
  type PlanResult,
  type Step,
  type Value,
} from '../change/step.js';
import { parsePath } from '../change/paths.js';
import { valueAt } from '../change/values.js';
import { withoutCheckpoint, type ChangePath, type PlannedGoal, type VmGoal } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import type { Seen } from '../machine/seen.js';
import type { RunDeps } from './deps.js';

/** What a step waits for may have come before it was asked. */
const isAwaited = ({ do: act, changes }: Step, change: Change): boolean =>
  'wait' in act && changes.some(({ path, to }) => path === change.path && to === change.to);

/** Values that are known and not what they were; what cannot be read now is not taken for a change. */
export function unexpected({ vm, around }: Seen, expected: Expected, step: Step): readonly Change[] {
  const changes = [...expected].flatMap(([path, from]): readonly Change[] => {
    const now = valueAt(vm, path, around);
    return now === undefined || now === from ? [] : [{ path, from, to: now }];
  });
  return changes.filter((change) => !isAwaited(step, change));
}

/** Values that a chain rests on, as they were read or written last. */
export type Expected = Map<ChangePath, Value>;
export const expectedBy = ({ basis }: Chain): Expected => new Map(basis.map(({ path, value }) => [path, value]));
/** Once the guest has restarted: what runs in it comes up in its own time, and has stopped by nobody's doing. */
export const afterRestart = (expected: Expected): Expected =>
  new Map([...expected].filter(([path]) => parsePath(path)?.property !== 'service.state'));

type Again =
  { readonly kind: 'done' } | { readonly kind: 'stopped' } | { readonly kind: 'go-on'; readonly chain: Chain };

export async function replan(
  plan: Plan,
  old: Chain,
  vm: Vm,
  left: readonly Step[],
  because: readonly Change[],
  deps: RunDeps,
): Promise<Again> {
  const key = old.vm;
  const goal = plan.wants.find((want) => want.vm === key);
  const first = left[0]?.number ?? 1;
  const result: PlanResult = goal
    ? deps.planAgain(withPower(stillAsked(goal, left), old), vm, first)
    : { kind: 'already-so' };
  if (result.kind === 'already-so') {
    await deps.record({ kind: 'replanned', vm: key, because, chain: emptyChain(old, vm) });
    return { kind: 'done' };
  }
  const params = { vm: vm.name };
  if (result.kind === 'blocked') {
    await deps.record({ kind: 'stopped', vm: key, why: { key: 'plan.stoppedBlocked', params }, offer: 'review' });
    return { kind: 'stopped' };
  }
  const [chain] = result.plan.chains;
  const missing = result.plan.consents.some(({ consent }) => !hasAgreed(plan, key, consent));
  if (!chain || missing || doesMore(chain.steps, left)) {
    await deps.record({ kind: 'stopped', vm: key, why: { key: 'plan.stoppedReview', params }, offer: 'review' });
    return { kind: 'stopped' };
  }
  await deps.record({ kind: 'replanned', vm: key, because, chain });
  return { kind: 'go-on', chain };
}

/** A checkpoint that was taken is not taken again. */
function stillAsked(goal: PlannedGoal, left: readonly Step[]): PlannedGoal {
  return left.some(({ makes }) => makes?.what === 'checkpoint') ? goal : withoutCheckpoint(goal);
}

const emptyChain = ({ vm }: Chain, { name }: Vm): Chain => ({
  vm,
  name,
  steps: [],
  power: null,
  basis: [],
  nested: [],
});

/** The VM is to be as the plan said it would be after: one that ran before runs again, though it is off in the middle. */
export function withPower(goal: VmGoal, { power }: Chain): VmGoal {
  return power && goal.want.power === undefined ? { ...goal, want: { ...goal.want, power: power.after } } : goal;
}

/** It would touch something that was not shown: a value or an act that the rest of the old plan did not have. */
function doesMore(steps: readonly Step[], left: readonly Step[]): boolean {
  const shown = new Set(left.map(actOf));
  return steps.some((step) => !shown.has(actOf(step)));
}
const actOf = (step: Step): string =>
  'call' in step.do ? JSON.stringify([step.do.call.cmdlet, step.do.call.on, step.do.call.params]) : 'wait';
