/** The newest run that changed a VM, and how it stands now. */
import type { Guid } from '../../src/core/call.js';
import type { Vm } from '../../src/core/machine.js';
import type { RunRecord } from '../../src/core/run.js';

export function lastRunOf(vm: Guid, runs: readonly RunRecord[]): RunRecord | undefined {
  const of = runs.filter(
    ({ plan, trouble }) => trouble !== 'newer-schema' && plan.chains.some((chain) => chain.vm === vm),
  );
  return of.toSorted((a, b) => startOf(b).localeCompare(startOf(a)))[0];
}

const startOf = (run: RunRecord): string => run.events[0]?.time ?? run.plan.readAt;
export const endOf = (run: RunRecord): string => run.events.at(-1)?.time ?? run.plan.readAt;

/** Nesting as this run wrote it last, where that is not how it is now. */
export function driftOf(run: RunRecord, vm: Vm): 'was-on' | 'was-off' | undefined {
  if (run.outcome !== 'done' || run.putBackBy !== undefined || vm.nesting === undefined) return undefined;
  const wrote = run.plan.chains
    .filter((chain) => chain.vm === vm.id)
    .flatMap(({ steps }) => steps.flatMap(({ changes }) => changes))
    .findLast(({ path }) => path === `${vm.id}/nesting`)?.to;
  if (typeof wrote !== 'boolean' || wrote === vm.nesting) return undefined;
  return wrote ? 'was-on' : 'was-off';
}
