/** Roles of Windows inside a VM: turned on or off before it restarts, ready or gone when it is up again. */
import { vmIn, type MachineRef } from '../cmdlets/ref.js';
import type { VmWant } from '../machine/goal.js';
import type { Vm } from '../machine/machine.js';
import { roleName, roleNames, turnOfRole, type Role } from '../machine/roles.js';
import { rolePath } from './paths.js';
import type { Part } from './step.js';

/** Seconds in which a guest has restarted and what it runs is ready (domain §2: Windows may be installing updates). */
const READY_WITHIN = 900;

interface RoleParts {
  /** Takes effect with a restart. */
  readonly before: readonly Part[];
  /** Waits for it. */
  readonly after: readonly Part[];
}

export function roleParts(at: MachineRef, vm: Vm, want: VmWant): RoleParts {
  const parts = roleNames.map((role) => partsOf(at, vm, role, want.roles?.[role]));
  return { before: parts.flatMap(({ before }) => before), after: parts.flatMap(({ after }) => after) };
}

function partsOf(at: MachineRef, vm: Vm, role: Role, on: boolean | undefined): RoleParts {
  const from = vm.guest?.inside?.roles[role];
  if (on === undefined || from === undefined) return none;
  if (on ? from === 'Enabled' : from !== 'Enabled' && from !== 'EnablePending' && from !== 'DisablePending')
    return none;
  const pending = on ? 'EnablePending' : 'DisablePending';
  const path = rolePath(vm.id, role);
  const own = vmIn(at, vm.id);
  const params = { role: roleName(role) };
  const turn: Part = {
    title: { key: on ? 'plan.roleOn' : 'plan.roleOff', params },
    do: { call: { cmdlet: turnOfRole(role, on), params: {}, at: own } },
    kind: 'inside',
    changes: [{ path, from, to: pending }],
  };
  const wait: Part = {
    title: { key: on ? 'plan.waitRole' : 'plan.waitRoleOff', params },
    do: { wait: { vm: own, role, is: on }, atMost: READY_WITHIN },
    kind: 'inside',
    changes: [{ path, from: pending, to: on ? 'Enabled' : 'Disabled' }],
  };
  return { before: from === pending ? [] : [turn], after: [wait] };
}
const none: RoleParts = { before: [], after: [] };
