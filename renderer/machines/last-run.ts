/** The newest run that changed a VM, and how it stands now. */
import type { VmRef } from '../../src/core/cmdlets/ref.js';
import type { RunId } from '../../src/core/machine/goal.js';
import type { Verdict } from '../../src/core/checks/check.js';
import { isCutShort, isSound, newestFirst, type RunRecord } from '../../src/core/run/record.js';
import type { Translator } from '../../src/text/index.js';

export function lastRunOf(vm: VmRef, runs: readonly RunRecord[]): RunRecord | undefined {
  const of = runs.filter((run) => isSound(run) && run.plan.chains.some((chain) => chain.vm === vm));
  return of.toSorted(newestFirst)[0];
}

export const canUndo = (run: RunRecord, running: ReadonlySet<RunId>): boolean =>
  !running.has(run.id) && run.undoneBy === undefined && run.outcome !== undefined && run.goal.kind !== 'undo';

/** How it stands, in a few words. */
export function wordOf(t: Translator, run: RunRecord, running: ReadonlySet<RunId>): string {
  const at = endOf(run);
  if (running.has(run.id)) return t('machines.lastRunning');
  if (isCutShort(run, running)) return t('machines.lastCut');
  if (run.undoneBy !== undefined) return t('machines.lastUndone');
  switch (run.outcome) {
    case 'done':
      return t('machines.lastDone', { at });
    case 'partly':
      return t('machines.lastPartly', { at });
    case 'failed':
      return t('machines.lastFailed', { at });
    case 'cancelled':
      return t('machines.lastCancelled', { at });
    default:
      return t('machines.lastUnknown');
  }
}

export function verdictOf({ outcome }: RunRecord): Verdict {
  switch (outcome) {
    case 'done':
      return 'ok';
    case 'failed':
      return 'blocker';
    case 'cancelled':
      return 'advice';
    default:
      return 'unknown';
  }
}

const endOf = (run: RunRecord): string => run.events.at(-1)?.time ?? run.plan.readAt;
