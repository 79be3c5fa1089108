/** The tick for a checkpoint before a change: what it says, and the goal that it makes. */
import { withoutCheckpoint, type Goal, type VmGoal } from '../../src/core/machine/goal.js';
import type { Vm } from '../../src/core/machine/machine.js';
import type { Plan } from '../../src/core/change/step.js';
import type { Translator } from '../../src/text/index.js';
import { isOfVms, type Asked } from './stages.js';

export const hasCheckpoints = (goal: Goal): boolean =>
  goal.kind === 'vms' && goal.wants.some(({ want }) => want.checkpoint === true);

/** One tick for all VMs. */
export function withCheckpoints(asked: Asked, on: boolean): Asked {
  if (!isOfVms(asked)) return asked;
  const wants = asked.goal.wants.map((goal): VmGoal => {
    const rest = withoutCheckpoint(goal);
    return on ? { ...rest, want: { ...rest.want, checkpoint: true } } : rest;
  });
  const goal = { ...asked.goal, wants };
  return asked.form === null ? { goal, form: null } : { goal, form: asked.form };
}

interface CheckpointTick {
  /** None can be taken of any of the VMs. */
  readonly isRefused: boolean;
  readonly lines: readonly string[];
  /** Once it is ticked. */
  readonly more: readonly string[];
}

const typeKeys = {
  Standard: 'checkpoint.tickStandard',
  Production: 'checkpoint.tickProduction',
  ProductionOnly: 'checkpoint.tickProductionOnly',
} as const;

/**
 * Of the VMs of a plan. Whether one has a disk at all is not read: a snapshot would take a call more for every VM. So the tick is there for
 * each that is there; one that is still to be made has nothing to come back to, and is not among them.
 */
export function tickOf(t: Translator, vms: readonly Vm[]): CheckpointTick | undefined {
  const [first] = vms;
  if (!first) return undefined;
  const possible = vms.filter(({ checkpointType }) => checkpointType !== 'Disabled');
  if (possible.length === 0)
    return { isRefused: true, lines: [t('checkpoint.off', { vm: first.name }), t('checkpoint.offWhy')], more: [] };
  // What is off has nothing in memory, whatever the type.
  const types = new Set(possible.map(({ state, checkpointType }) => (state === 'Off' ? undefined : checkpointType)));
  const [type] = types.size === 1 ? types : [];
  const how = type === undefined || type === 'Disabled' ? [] : [t(typeKeys[type])];
  return { isRefused: false, lines: [t('checkpoint.tickWhat')], more: [...how, t('checkpoint.tickSpace')] };
}

/** The numbers of the steps that take one. */
export const checkpointNumbers = ({ chains }: Plan): readonly number[] =>
  chains.flatMap(({ steps }) => steps.flatMap(({ makes, number }) => (makes?.what === 'checkpoint' ? [number] : [])));
