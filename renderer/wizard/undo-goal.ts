/** What an undo takes along, tick by tick. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { Goal } from '../../src/core/machine/goal.js';
import { keyOfWay } from '../../src/core/run/undo.js';

export type UndoGoal = Extract<Goal, { kind: 'undo' }>;
/** A value of a VM that a run has changed. */
export type Way = NonNullable<UndoGoal['also']>[number];

export const toggled = <Value>(values: Iterable<Value>, value: Value, isIn: boolean): ReadonlySet<Value> =>
  new Set(isIn ? [...values, value] : [...values].filter((one) => one !== value));

/** A value that somebody else changed since. */
export const withValue = ({ also = [], ...goal }: UndoGoal, way: Way, on: boolean): UndoGoal => ({
  ...goal,
  also: [...also.filter((one) => keyOfWay(one) !== keyOfWay(way)), ...(on ? [way] : [])],
});

/** `all`: the VMs that the run changed. */
export function withVms(
  { only, ...goal }: UndoGoal,
  all: readonly VmRef[],
  vms: readonly VmRef[],
  on: boolean,
): UndoGoal {
  const were = new Set(only ?? all);
  const are = all.filter((vm) => (vms.includes(vm) ? on : were.has(vm)));
  return are.length === all.length ? goal : { ...goal, only: are };
}
