/** The newest run that changed a VM, and how it stands now. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import { isSound, type RunRecord } from '../../src/core/run/record.js';

export function lastRunOf(vm: VmRef, runs: readonly RunRecord[]): RunRecord | undefined {
  const of = runs.filter((run) => isSound(run) && run.plan.chains.some((chain) => chain.vm === vm));
  return of.toSorted((a, b) => b.order - a.order)[0];
}

export const endOf = (run: RunRecord): string => run.events.at(-1)?.time ?? run.plan.readAt;
