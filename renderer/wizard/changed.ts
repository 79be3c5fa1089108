/** What differs between the plan that was shown and the one that takes its place. */
import { textOf } from '../../src/core/cmdlets/ref.js';
import type { ChangePath } from '../../src/core/machine/goal.js';
import type { Change, Plan, Value } from '../../src/core/change/step.js';
import { rowsOf } from './groups.js';

/** By VM and path: a path says only within its chain which VM is meant. */
function factsOf(plan: Plan): ReadonlyMap<string, { readonly path: ChangePath; readonly value: Value }> {
  const facts = plan.chains.flatMap((chain) =>
    [...rowsOf(chain).map(({ change }) => ({ path: change.path, value: change.from })), ...chain.basis].map(
      ({ path, value }) => [`${textOf(chain.vm)} ${path}`, { path, value }] as const,
    ),
  );
  return new Map(facts);
}

export function changesBetween(before: Plan, after: Plan): readonly Change[] {
  const now = factsOf(after);
  return [...factsOf(before)].flatMap(([key, { path, value: from }]): Change[] => {
    const to = now.get(key)?.value;
    return to === undefined || to === from ? [] : [{ path, from, to }];
  });
}
