/** What differs between the plan that was shown and the one that takes its place. */
import type { ChangePath } from '../../src/core/machine/goal.js';
import type { Change, Plan, Value } from '../../src/core/change/step.js';
import { rowsOf } from './groups.js';

const factsOf = (plan: Plan): ReadonlyMap<ChangePath, Value> =>
  new Map<ChangePath, Value>([
    ...plan.chains.flatMap((chain) =>
      rowsOf(chain).map(({ change }): [ChangePath, Value] => [change.path, change.from]),
    ),
    ...plan.chains.flatMap((chain) => chain.basis.map(({ path, value }): [ChangePath, Value] => [path, value])),
  ]);

export function changesBetween(before: Plan, after: Plan): readonly Change[] {
  const now = factsOf(after);
  return [...factsOf(before)].flatMap(([path, from]): Change[] => {
    const to = now.get(path);
    return to === undefined || to === from ? [] : [{ path, from, to }];
  });
}
