/** A plan is the difference between a snapshot and a goal, as ordered steps. It is shown, then carried out, then undone. */
import { idOf, hostOf, type VmRef } from '../cmdlets/ref.js';
import { facts, say, type Check } from '../checks/check.js';
import { memoryFit, memoryRemarks } from '../checks/memory.js';
import type { Consent, Goal, PlannedGoal } from '../machine/goal.js';
import type { Machine } from '../machine/machine.js';
import { machineAt, vmAt } from '../machine/tree.js';
import { leavingSwitch } from '../network/own-address.js';
import { powerOf } from '../machine/vm-state.js';
import { blockersOf } from './blockers.js';
import { checkpointBlockers, checkpointRemarks } from './checkpoint.js';
import { chainOf, memoryOffReason, oneWayOf, type Wanted } from './chain.js';
import { elevationBlockers } from './elevation.js';
import { outsideWantOf } from './inside.js';
import { isMemory, memoryAfter } from './memory.js';
import type { Chain, Gone, Plan, PlanOptions, PlanResult } from './step.js';
import { removalOf, removedAlone } from './removal.js';
import { differenceOf, mergeWants } from './values.js';

/** Plans the wants for their VMs. `goal` is kept with it; a VM that is not in the snapshot is left out, and named. */
export function planWants(
  machine: Machine,
  goal: Goal,
  wants: readonly PlannedGoal[],
  options: PlanOptions,
): PlanResult {
  let number = options.firstNumber ?? 1;
  const planned: Planned[] = [];
  const blocked: Plan['blocked'][number][] = [];
  const gone: Gone[] = [];
  const add = (one: Planned): void => {
    number += one.chain.steps.length;
    if (one.chain.steps.length > 0) planned.push(one);
  };
  for (const one of wants) {
    const things = removedAlone(machine, one);
    if (things.length > 0) {
      const name = nameOf(one, options);
      const { by, ...removal } = removalOf(machine, one.vm, name, things, { plan: options.id, first: number });
      if (by.length > 0) blocked.push({ vm: one.vm, name, by });
      else add({ ...removal, remarks: [] });
      continue;
    }
    const wanted = wantedOf(machine, goal, one, options);
    if (!wanted) {
      gone.push({ vm: one.vm, name: nameOf(one, options) });
      continue;
    }
    const by = blockersOf(wanted, goal.kind);
    if (by.length > 0) {
      blocked.push({ vm: one.vm, name: wanted.vm.name, by });
      continue;
    }
    const { chain, consents } = chainOf(wanted, {
      plan: options.id,
      first: number,
      estimate: options.estimates?.get(one.vm) ?? {},
      nameCheckpoint: options.nameCheckpoint,
    });
    const refused =
      chain.steps.length > 0 ? [...elevationBlockers(wanted.around, chain), ...checkpointBlockers(wanted)] : [];
    if (refused.length > 0) {
      blocked.push({ vm: one.vm, name: wanted.vm.name, by: refused });
      continue;
    }
    add({ chain, consents, remarks: remarksOf(wanted, chain) });
  }
  const left = gone.length > 0 ? { gone } : {};
  if (planned.length > 0) {
    const plan = { ...planOf(machine, goal, wants, planned), id: options.id, blocked, ...left };
    return { kind: 'ready', plan };
  }
  if (blocked.length === 0) return { kind: 'already-so', ...left };
  return { kind: 'blocked', by: blocked.map(({ vm, name, by }) => ({ vm, name, checks: by })), ...left };
}

const nameOf = ({ vm }: PlannedGoal, { names }: PlanOptions): string => names?.get(vm) ?? idOf(vm).slice(0, 8);

interface Planned {
  readonly chain: Chain;
  readonly consents: readonly Consent[];
  readonly remarks: readonly Check[];
}

/** undefined: the VM is not there. */
function wantedOf(
  machine: Machine,
  goal: Goal,
  { vm: ref, want }: PlannedGoal,
  { askedInVain, refusedRunning }: PlanOptions,
): Wanted | undefined {
  const at = hostOf(ref);
  const around = machineAt(machine, at);
  const vm = vmAt(machine, ref);
  if (!around || !vm) return undefined;
  const given = goal.consents.filter((consent) => consent !== 'turn-off' || (askedInVain?.has(ref) ?? true));
  const difference = differenceOf(around, vm, mergeWants(want, outsideWantOf(want)));
  const memoryOff = memoryOffReason(vm, difference, refusedRunning?.has(ref) === true);
  return { around, at, vm, want, difference, memoryOff, given };
}

function remarksOf(wanted: Wanted, chain: Chain): readonly Check[] {
  return [...checkpointRemarks(wanted), ...memoryRemarksOf(wanted, chain), ...leavingRemarks(wanted)];
}

/** A VM that leaves its switch is no longer where others look for it. */
function leavingRemarks({ vm, want: { address } }: Wanted): readonly Check[] {
  const left = address && leavingSwitch(vm, address);
  if (left === undefined) return [];
  const params = { vm: vm.name, switch: left };
  return [
    { id: 'network', vm: vm.id, ...say('warning', 'advice.leaves', params), evidence: facts('SwitchName', left) },
  ];
}

function memoryRemarksOf({ around, vm, difference, memoryOff }: Wanted, { power }: Chain): readonly Check[] {
  if (!difference.some(isMemory)) return [];
  const goesDown = power !== null && power.before !== 'off';
  const then = memoryAfter(vm, difference);
  return [
    ...(goesDown && memoryOff !== null ? memoryRemarks(vm, memoryOff) : []),
    ...memoryFit(around, vm, then, power?.after ?? powerOf(vm)),
  ];
}

function planOf(
  machine: Machine,
  goal: Goal,
  wants: readonly PlannedGoal[],
  planned: readonly Planned[],
): Omit<Plan, 'id' | 'blocked'> {
  const needs = planned.flatMap(({ chain, consents }) =>
    consents.map((consent): { consent: Consent; vm: VmRef } => ({ consent, vm: chain.vm })),
  );
  const consents = [...new Set(needs.map(({ consent }) => consent))].map((consent) => ({
    consent,
    vms: needs.filter((need) => need.consent === consent).map(({ vm }) => vm),
    // Asking for a plan that turns off is not yet agreeing to it: that is a tick of its own, when the plan is seen.
    given: consent !== 'turn-off' && goal.consents.includes(consent),
  }));
  const chains = planned.map(({ chain }) => chain);
  const keys = new Set(chains.map(({ vm }) => vm));
  const remarks = planned.flatMap((one) => one.remarks);
  return {
    goal,
    wants: wants.filter((want) => keys.has(want.vm)),
    readAt: machine.host.readAt,
    chains,
    consents,
    oneWay: chains.flatMap(oneWayOf),
    ...(remarks.length > 0 ? { remarks } : {}),
  };
}
