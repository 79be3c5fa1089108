/** Checkpoints that a run has taken before it changed anything: a person's way back, there until somebody removes them. */
import type { VmRef } from '../cmdlets/ref.js';
import { withoutCheckpoint, type Thing, type VmGoal } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { byId } from '../machine/reading.js';
import { stepsOf } from './progress.js';
import type { RunRecord } from './record.js';

interface Taken {
  /** The VM of the chain. */
  readonly vm: VmRef;
  readonly made: Thing<'checkpoint'>;
}

const takenIn = (record: RunRecord): readonly Taken[] =>
  stepsOf(record).flatMap(({ chain, made }) => (made?.what === 'checkpoint' ? [{ vm: chain.vm, made }] : []));

/** Those that are there still, by their ids; where that is not known, none. */
export const checkpointsLeft = (record: RunRecord, vmNow: (vm: VmRef) => Vm | undefined): readonly Taken[] =>
  takenIn(record).filter(({ vm, made }) => byId(vmNow(vm)?.checkpoints, made.id) !== undefined);

/** The wants of a run that is carried on: what it has taken before the first change is not taken again. */
export function stillWanted(wants: readonly VmGoal[], record: RunRecord): readonly VmGoal[] {
  const taken = new Set(takenIn(record).map(({ vm }) => vm));
  return wants.map((goal) => (taken.has(goal.vm) ? withoutCheckpoint(goal) : goal));
}
