/** The newest run that changed a VM, and how it stands now. */
import { isSound, type RunRecord } from '../../src/core/run/record.js';
import { keyOfVm, type PathKey } from '../../src/core/machine/tree.js';

export function lastRunOf(vm: PathKey, runs: readonly RunRecord[]): RunRecord | undefined {
  const of = runs.filter((run) => isSound(run) && run.plan.chains.some((chain) => keyOfVm(chain) === vm));
  return of.toSorted((a, b) => b.order - a.order)[0];
}

export const endOf = (run: RunRecord): string => run.events.at(-1)?.time ?? run.plan.readAt;
