/** What a purpose needs before its role is turned on inside a VM (domain §1, §2, §3, §6). */
import type { Message } from '../../text/index.js';
import type { Vm } from '../machine/machine.js';
import { firstBuildOf, lackedRole, roleEditions, roleName, type Role } from '../machine/roles.js';
import { plainWindows, rolesFor, type Purpose } from './purposes.js';
import { readinessOf } from '../machine/role-state.js';
import { facts, say, type Check, type IdleCheckId } from './check.js';
import { memoryChecks } from './memory.js';
import { thirdPartyInside } from './third-party.js';

type PrerequisiteId = Check['id'] | 'nesting' | 'guest-windows' | 'guest-disk' | 'guest-limit';
export type Prerequisite = Omit<Check, 'id'> & { readonly id: PrerequisiteId };

/** Windows' own features and a first image want this much of C:. Advice, not a limit of Windows. */
const ADVISED_DISK = 10 * 2 ** 30;
/** Server 2019 and older take no more as an L1 (documented). */
const MOST_PROCESSORS = 225;

/** Memory and processors that a VM needs for what runs inside, whatever that is. */
export const sizesOf = (vm: Vm): readonly Check[] =>
  memoryChecks(vm).filter(({ id }) => id === 'startup-memory' || id === 'processor-count');

export function prerequisitesOf(purpose: Purpose, vm: Vm): readonly Prerequisite[] {
  const sizes = sizesOf(vm);
  const roles = rolesFor(purpose);
  if (roles.length === 0) return [nesting(vm), ...sizes];
  return [
    nesting(vm),
    ...windows(roles, vm),
    ...idleInside(roles, vm),
    ...limit(vm),
    ...sizes,
    ...disk(vm),
    ...others(vm),
  ];
}

function nesting(vm: Vm): Prerequisite {
  const base = {
    id: 'nesting',
    vm: vm.id,
    evidence: facts('Get-VMProcessor ExposeVirtualizationExtensions', vm.nesting),
  } as const;
  const params = { name: vm.name };
  if (vm.nesting === undefined)
    return {
      ...base,
      verdict: 'unknown',
      title: { key: 'inside.nestingUnread' },
      why: { key: 'inside.nestingWhy', params },
    };
  if (vm.nesting) return { ...base, ...say('ok', 'inside.nestingOn', params) };
  return {
    ...base,
    verdict: 'blocker',
    title: { key: 'inside.nestingOff' },
    why: { key: 'inside.nestingWhy', params },
    fix: { kind: 'vm', want: { nesting: true } },
  };
}

type IdleCheck = Check & { readonly id: IdleCheckId };

/** Roles are on and cannot be used: each cause once, and what mends it. Nesting that is off has a check of its own. */
export function idleInside(roles: readonly Role[], vm: Vm): readonly IdleCheck[] {
  const found = roles.flatMap((role) => idleRole(role, vm));
  return found.filter(({ id }, place) => found.findIndex((one) => one.id === id) === place);
}

function idleRole(role: Role, vm: Vm): readonly IdleCheck[] {
  const is = readinessOf(vm, role);
  const { name } = vm;
  if (is.kind === 'service') {
    const { service, state, isDisabled } = is;
    const params = { service, state, name };
    // One that is not there cannot be started; one between two states is on its way by itself, or has no way back.
    const canBeMended = service === 'vmcompute' || state === 'Stopped';
    return [
      {
        id: 'guest-service',
        vm: vm.id,
        verdict: 'blocker',
        title: { key: 'inside.serviceIdle', params },
        why: {
          key:
            state === 'Absent'
              ? 'inside.serviceAbsentWhy'
              : !canBeMended
                ? 'inside.serviceBetweenWhy'
                : isDisabled
                  ? 'inside.serviceDisabledWhy'
                  : 'inside.serviceIdleWhy',
          params,
        },
        evidence: facts(`Win32_Service ${service}`, isDisabled ? `${state}, Disabled` : state),
        ...(canBeMended
          ? { fix: { kind: 'vm', want: { roles: { [role]: true } } }, fixLabel: { key: 'inside.fixService' } }
          : {}),
      },
    ];
  }
  if (is.kind !== 'hypervisor' || is.cause === 'nesting-off') return [];
  return [
    {
      id: 'guest-hypervisor',
      vm: vm.id,
      ...say('blocker', 'inside.launchOff', { name }),
      evidence: facts(
        'Win32_PerfRawData_HvStats_HyperVHypervisor.LogicalProcessors',
        vm.guest?.host.hypervisorProcessors,
      ),
      commands: [
        { command: 'bcdedit /set hypervisorlaunchtype auto', why: { key: 'inside.commandLaunch' } },
        { command: 'Restart-Computer', why: { key: 'inside.commandRestart' } },
        { command: 'bcdedit /set hypervisorlaunchtype off', why: { key: 'inside.commandLaunchUndo' } },
      ],
    },
  ];
}

/** Nothing is said of a guest that nobody has looked into: the page asks for an account then. */
function windows(roles: readonly Role[], vm: Vm): readonly Prerequisite[] {
  if (!vm.guest) return [];
  const found = vm.guest.host.windows;
  const base = {
    id: 'guest-windows',
    vm: vm.id,
    evidence: [
      ...facts('Win32_OperatingSystem Caption', found?.caption),
      ...facts('Win32_OperatingSystem BuildNumber', found?.build),
      ...facts('Win32_OperatingSystem OperatingSystemSKU', found?.sku),
    ],
  } as const;
  if (!found) return [{ ...base, ...say('unknown', 'inside.windowsUnread') }];
  const named = plainWindows(found.caption);
  const lacked = lackedRole(roles, found);
  if (lacked) {
    const title: Message = { key: 'inside.editionLacks', params: { windows: named, role: roleName(lacked) } };
    return [{ ...base, verdict: 'blocker', title, why: roleEditions(lacked) }];
  }
  const lowest = Math.max(...roles.map((role) => firstBuildOf(role, found) ?? 0));
  const params = { windows: named, build: String(found.build), lowest: String(lowest) };
  return found.build < lowest
    ? [{ ...base, ...say('blocker', 'inside.windowsOld', params) }]
    : [{ ...base, ...say('ok', 'inside.windowsFine', params) }];
}

function limit(vm: Vm): readonly Prerequisite[] {
  const found = vm.guest?.host.windows;
  if (!found?.server || found.build >= 20348 || vm.processors === undefined || vm.processors <= MOST_PROCESSORS)
    return [];
  return [
    {
      id: 'guest-limit',
      vm: vm.id,
      ...say('warning', 'inside.limitProcessors', { count: vm.processors, most: MOST_PROCESSORS }),
      evidence: facts('Get-VM ProcessorCount', vm.processors),
    },
  ];
}

function disk(vm: Vm): readonly Prerequisite[] {
  const { inside } = vm.guest ?? {};
  if (!inside) return [];
  const free = inside.freeDisk;
  const base = { id: 'guest-disk', vm: vm.id, evidence: facts('Win32_LogicalDisk C: FreeSpace', free) } as const;
  if (free === undefined) return [{ ...base, ...say('unknown', 'inside.diskUnread') }];
  const params = { free, advised: ADVISED_DISK };
  return free < ADVISED_DISK
    ? [
        {
          ...base,
          verdict: 'advice',
          title: { key: 'inside.diskLittle', params },
          why: { key: 'inside.diskWhy', params },
        },
      ]
    : [{ ...base, verdict: 'ok', title: { key: 'inside.diskFine', params }, why: { key: 'inside.diskWhy', params } }];
}

/** What is installed inside and will not work there, or may be. That nothing is changes nothing here. */
const others = (vm: Vm): readonly Prerequisite[] =>
  thirdPartyInside(vm).filter(({ verdict }) => verdict === 'warning' || verdict === 'unknown');
