/** The newest run that changed a VM, and how it stands now. */
import type { Guid } from '../../src/core/call.js';
import type { RunRecord } from '../../src/core/run.js';

export function lastRunOf(vm: Guid, runs: readonly RunRecord[]): RunRecord | undefined {
  const of = runs.filter(
    ({ plan, trouble }) => trouble !== 'newer-schema' && plan.chains.some((chain) => chain.vm === vm),
  );
  return of.toSorted((a, b) => startOf(b).localeCompare(startOf(a)))[0];
}

const startOf = (run: RunRecord): string => run.events[0]?.time ?? run.plan.readAt;
export const endOf = (run: RunRecord): string => run.events.at(-1)?.time ?? run.plan.readAt;
