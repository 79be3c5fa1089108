/** What an undo takes along, tick by tick. */
import type { MachineRef } from '../../src/core/cmdlets/call.js';
import { keyOf, type PathKey } from '../../src/core/machine/tree.js';
import type { ChangePath, Goal } from '../../src/core/machine/goal.js';

export type UndoGoal = Extract<Goal, { kind: 'undo' }>;

export const toggled = <Value>(values: Iterable<Value>, value: Value, isIn: boolean): ReadonlySet<Value> =>
  new Set(isIn ? [...values, value] : [...values].filter((one) => one !== value));

/** A value that somebody else changed since. */
export const withValue = (goal: UndoGoal, path: ChangePath, on: boolean): UndoGoal => ({
  ...goal,
  also: [...toggled(goal.also ?? [], path, on)],
});

/** `all`: the VMs that the run changed. */
export function withVms(
  { only, ...goal }: UndoGoal,
  all: readonly MachineRef[],
  vms: readonly PathKey[],
  on: boolean,
): UndoGoal {
  const were = new Set((only ?? all).map(keyOf));
  const are = all.filter((at) => (vms.includes(keyOf(at)) ? on : were.has(keyOf(at))));
  return are.length === all.length ? goal : { ...goal, only: are };
}
