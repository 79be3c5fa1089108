/** The checkpoint that is taken before a change, if that was asked for: the first step of the chain. */
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import { facts, type Check } from '../checks/check.js';
import type { PlannedWant } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import type { Chain, Part, Plan, PlanOptions } from './step.js';
import { makingPart } from './thing-parts.js';

interface Asked {
  /** The machine that the VM is in. */
  readonly at: MachineRef;
  readonly vm: Vm;
  readonly want: PlannedWant;
}

/** Characters that Hyper-V gives a name. */
const longest = 100;

/** `parts`: all that the chain does; nothing: there is nothing to come back from. */
export function checkpointParts(
  { at, vm, want }: Asked,
  parts: readonly Part[],
  nameCheckpoint: PlanOptions['nameCheckpoint'] = () => 'Hypernest',
): readonly Part[] {
  if (want.checkpoint !== true || parts.length === 0) return [];
  const name = nameCheckpoint(vmIn(at, vm.id), parts)
    .slice(0, longest)
    .replace(/[\ud800-\udbff]$/, '');
  return [makingPart({ what: 'checkpoint', at, name, vm: vm.id }, 'setting')];
}

/** It was looked at and found to be off: Windows refuses (Vagrant#9977). */
export function checkpointBlockers({ vm, want }: Asked): readonly Check[] {
  if (want.checkpoint !== true || vm.checkpointType !== 'Disabled') return [];
  return [
    {
      id: 'checkpoints',
      vm: vm.id,
      verdict: 'blocker',
      title: { key: 'checkpoint.off', params: { vm: vm.name } },
      why: { key: 'checkpoint.offWhy' },
      evidence: facts('Get-VM CheckpointType', vm.checkpointType),
    },
  ];
}

/**
 * Microsoft’s first pages said that saving, and checkpoints of a VM that runs, fail while a hypervisor runs in it; those of today don’t
 * name it. So it is said, and stands in no way.
 */
export function checkpointRemarks({ vm, want }: Asked): readonly Check[] {
  const isInside = vm.inside === 'certainly' || vm.inside === 'probably';
  if (want.checkpoint !== true || vm.state !== 'Running' || !isInside) return [];
  return [
    {
      id: 'checkpoints',
      vm: vm.id,
      verdict: 'warning',
      title: { key: 'checkpoint.hypervisor', params: { vm: vm.name } },
      why: { key: 'checkpoint.hypervisorWhy' },
      evidence: [],
    },
  ];
}

/** As a plan calls the checkpoint of a VM: planned anew, it keeps its name. */
export const namedIn =
  ({ chains }: Pick<Plan, 'chains'>): NonNullable<PlanOptions['nameCheckpoint']> =>
  (vm) =>
    chains.flatMap((chain) => (chain.vm === vm ? checkpointsOf(chain) : []))[0]?.name ?? '';

/** What a chain is to take. */
const checkpointsOf = ({ steps }: Pick<Chain, 'steps'>) =>
  steps.flatMap(({ makes }) => (makes?.what === 'checkpoint' ? [makes] : []));
