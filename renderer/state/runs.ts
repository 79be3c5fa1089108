/** Runs of every PC, and those of several at once. */
import type { HostId } from '../../src/core/cmdlets/ref.js';
import { runCalled } from '../../src/core/run/joint.js';
import type { RunRecord } from '../../src/core/run/record.js';
import type { RunId } from '../../src/core/machine/goal.js';
import { app } from './app.svelte.js';

const labelOf = (pc: HostId): string => app.nameOf(pc);

const allRuns = (): readonly RunRecord[] =>
  app.all ? [app.all, ...Object.values(app.all.others)].flatMap(({ runs }) => runs) : [];

export const findRun = (id: RunId): RunRecord | undefined => runCalled(id, allRuns(), labelOf);

/** What a run of several PCs is called by is among them. */
export function runsFor(...ids: readonly (RunId | undefined)[]): readonly RunRecord[] {
  const all = allRuns();
  const joint = ids.flatMap((id) => (id === undefined ? [] : (runCalled(id, all, labelOf) ?? [])));
  return [...joint, ...all];
}
