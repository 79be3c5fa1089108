/** Whether what a role brings can be used inside a VM: one rule, asked by setup, planner, runs, and every page that says "ready". */
import type { Vm } from './machine.js';
import { ifRead } from './reading.js';
import type { GuestService } from './goal.js';
import type { Role } from './roles.js';

export type Readiness =
  | { readonly kind: 'ready' }
  /** The feature is not on; `pending`: it will be after a restart. */
  | { readonly kind: 'off' | 'pending' | 'absent' }
  /** The feature is on, its service does not run: named before what follows from it. */
  | ({ readonly kind: 'service' } & IdleService)
  /** The feature is on, no hypervisor runs: whoever installed an emulator may have turned it off at boot (WSL#11117). */
  | { readonly kind: 'hypervisor'; readonly cause: 'nesting-off' | 'launch-type' }
  /** What it depends on could not be read: never "ready", never "not". */
  | { readonly kind: 'unknown'; readonly of: 'feature' | 'service' | 'hypervisor' | 'vms' };
interface IdleService {
  readonly service: GuestService;
  /** `Absent`: there is nothing that could be started. */
  readonly state: string;
  readonly isDisabled: boolean;
}

/** A feature that is on, a service that should run, and a hypervisor that does. */
export function readinessOf({ guest, nesting }: Pick<Vm, 'guest' | 'nesting'>, role: Role): Readiness {
  switch (guest?.inside?.roles[role]) {
    case undefined:
      return { kind: 'unknown', of: 'feature' };
    case 'Absent':
      return { kind: 'absent' };
    case 'EnablePending':
      return { kind: 'pending' };
    case 'Enabled':
      break;
    case 'Disabled':
    case 'DisablePending':
    case 'DisabledWithPayloadRemoved':
    case 'PartiallyInstalled':
    case 'Superseded':
      return { kind: 'off' };
  }
  const { services, hypervisorProcessors } = guest.host;
  if (services === undefined) return { kind: 'unknown', of: 'service' };
  const [idle] = idleOf(role, services);
  if (idle) return { kind: 'service', ...idle };
  if (hypervisorProcessors === undefined) return { kind: 'unknown', of: 'hypervisor' };
  if (hypervisorProcessors === 0)
    return { kind: 'hypervisor', cause: nesting === false ? 'nesting-off' : 'launch-type' };
  return role === 'hyper-v' && guest.vms === undefined ? { kind: 'unknown', of: 'vms' } : { kind: 'ready' };
}

const worstFirst: readonly Readiness['kind'][] = [
  'absent',
  'unknown',
  'off',
  'pending',
  'service',
  'hypervisor',
  'ready',
];

/** Of several roles that are used together: what is farthest from ready stands for all. */
export const readinessOfAll = (vm: Pick<Vm, 'guest' | 'nesting'>, roles: readonly Role[]): Readiness =>
  roles
    .map((role) => readinessOf(vm, role))
    .toSorted((a, b) => worstFirst.indexOf(a.kind) - worstFirst.indexOf(b.kind))[0] ?? { kind: 'ready' };

/** All of a role that is on and could be used but for them; none where what they depend on was not read. */
export const idleServices = (vm: Pick<Vm, 'guest' | 'nesting'>, role: Role): readonly IdleService[] =>
  readinessOf(vm, role).kind === 'service' ? ifRead(vm.guest?.host.services, [], (all) => idleOf(role, all)) : [];

/** vmms runs all the time, and comes with the role. vmcompute starts when it is asked, so only Disabled stands in its way. */
function idleOf(
  role: Role,
  { vmms, vmcompute }: Readonly<Record<string, { readonly state: string; readonly startMode: string }>>,
): readonly IdleService[] {
  const isVmmsIdle = role === 'hyper-v' && vmms?.state !== 'Running';
  const isComputeIdle = vmcompute && vmcompute.state !== 'Running' && vmcompute.startMode === 'Disabled';
  return [
    ...(isVmmsIdle
      ? [{ service: 'vmms', state: vmms?.state ?? 'Absent', isDisabled: vmms?.startMode === 'Disabled' } as const]
      : []),
    ...(isComputeIdle ? [{ service: 'vmcompute', state: vmcompute.state, isDisabled: true } as const] : []),
  ];
}
