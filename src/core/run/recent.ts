/** When each VM was last used, as far as can be told, and what was changed last: what the tray shows first, and takes back. */
import { idOf, outermostOf } from '../cmdlets/ref.js';
import type { Guid } from '../cmdlets/call.js';
import type { Machine, Vm } from '../machine/machine.js';
import type { RunId } from '../machine/goal.js';
import { stepsOf } from './progress.js';
import { hasTouched } from './step-kinds.js';
import { begunAt, hasUndo, newestFirst, type RunRecord } from './record.js';
import { powerOf } from '../machine/vm-state.js';

interface Use {
  /** Milliseconds since 1970: the last run of the app on it, start, change of state that was seen, or else when it was made. */
  readonly at: number;
  readonly state: Vm['state'];
}
export type Uses = ReadonlyMap<Guid, Use>;

/** A start is reckoned from how long a VM runs, which Windows tells in whole seconds and a little late: that is no new start. */
const sameStart = 60_000;

/** With what was seen before, so that nothing moves while nothing happens: a time only ever grows. */
export function usesOf(machine: Machine | null, records: readonly RunRecord[], before: Uses): Uses {
  if (machine?.vms === undefined) return before;
  const runs = lastRuns(records);
  return new Map(machine.vms.map((vm) => [vm.id, useOf(vm, runs.get(vm.id), before.get(vm.id))]));
}

function useOf(vm: Vm, run: number | undefined, before: Use | undefined): Use {
  const read = Date.parse(vm.readAt);
  // Of a paused or saved VM it stands still, so that its start would seem to come ever later.
  const isRunning = powerOf(vm) === 'running';
  const started = isRunning && vm.uptime !== undefined && vm.uptime > 0 ? read - vm.uptime * 1000 : 0;
  const seen = before !== undefined && before.state !== vm.state ? read : 0;
  // A clock that was wrong once must not keep a VM at the top for ever.
  const known = before?.at ?? Math.min(vm.created === undefined ? 0 : Date.parse(vm.created) || 0, read);
  const isNewStart = started > known + (before ? sameStart : 0);
  return { at: Math.max(known, run ?? 0, seen, isNewStart ? started : 0), state: vm.state };
}

function lastRuns(records: readonly RunRecord[]): ReadonlyMap<Guid, number> {
  const runs = new Map<Guid, number>();
  for (const record of records) {
    const begun = Date.parse(begunAt(record)) || 0;
    for (const { vm } of record.plan.chains) {
      // A VM inside another is no line of the menu; the one that holds it is.
      const shown = idOf(outermostOf(vm));
      runs.set(shown, Math.max(runs.get(shown) ?? 0, begun));
    }
  }
  return runs;
}

/** The newest run that changed something, is over, and was not undone. */
export const lastChange = (records: readonly RunRecord[], running: ReadonlySet<RunId>): RunId | undefined =>
  records
    .toSorted(newestFirst)
    .find(
      (run) =>
        hasUndo(run) &&
        run.undoneBy === undefined &&
        run.settled !== 'undone' &&
        (run.outcome !== undefined || run.settled !== undefined) &&
        !running.has(run.id) &&
        stepsOf(run).some(hasTouched),
    )?.id;
