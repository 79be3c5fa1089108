/** What a person wants to run inside a VM, and what that needs to be turned on there (domain §2). */
import type { Message } from '../../text/index.js';
import { isHome } from '../machine/edition.js';
import type { GuestRefusal } from '../machine/guest-access.js';
import type { Vm } from '../machine/machine.js';
import { lackedRole, roleName, type Role } from '../machine/roles.js';
import { natsOf } from '../network/nat.js';
import type { Command } from './check.js';
import { ifRead } from '../machine/reading.js';

interface Row {
  /** None: nesting is all that it needs. */
  readonly roles: readonly Role[];
  readonly name: Message;
  /** What is turned on, and what Microsoft or the maker supports, in a line. */
  readonly why: Message;
  /** What runs in the VM, in the drawing. */
  readonly inner:
    | 'setup.nestWsl'
    | 'setup.nestVms'
    | 'setup.nestAndroid'
    | 'setup.nestKvm'
    | 'setup.nestContainers'
    | 'setup.nestSandbox'
    | 'setup.nestLab';
  readonly icon: 'pc' | 'vm' | 'play' | 'term';
  /** VMs inside want a network. */
  readonly hasNetwork?: true;
  /** The first command does all that is needed inside by itself. */
  readonly hasShortWay?: true;
  /** Typed inside: the short way first, then what proves that it works. */
  readonly commands: readonly Command[];
}

/** The first four are what a page shows at once; the others are found by typing. */
const rows = {
  wsl: {
    roles: ['virtual-machine-platform'],
    name: { key: 'inside.wsl' },
    why: { key: 'inside.wslWhy' },
    inner: 'setup.nestWsl',
    hasShortWay: true,
    icon: 'pc',
    commands: [
      { command: 'wsl --install', why: { key: 'setup.typeWsl' } },
      { command: 'wsl --list --verbose', why: { key: 'setup.typeWslCheck' } },
      { command: 'wsl --version', why: { key: 'setup.typeWslContainers' } },
    ],
  },
  'hyper-v': {
    roles: ['hyper-v'],
    name: { key: 'inside.hyperV' },
    why: { key: 'inside.hyperVWhy' },
    inner: 'setup.nestVms',
    icon: 'vm',
    hasNetwork: true,
    commands: [
      { command: 'Get-VMHost', why: { key: 'setup.typeHyperV' } },
      { command: 'New-VM -Name first -Generation 2', why: { key: 'setup.typeHyperVNew' } },
    ],
  },
  android: {
    roles: ['hypervisor-platform'],
    name: { key: 'inside.android' },
    why: { key: 'inside.androidWhy' },
    inner: 'setup.nestAndroid',
    icon: 'play',
    commands: [{ command: '.\\emulator-check.exe accel', why: { key: 'setup.typeAndroid' } }],
  },
  kvm: {
    roles: [],
    name: { key: 'inside.kvm' },
    why: { key: 'inside.kvmWhy' },
    inner: 'setup.nestKvm',
    icon: 'term',
    commands: [],
  },
  'visual-studio': {
    roles: ['hyper-v', 'hypervisor-platform'],
    name: { key: 'inside.visualStudio' },
    why: { key: 'inside.visualStudioWhy' },
    inner: 'setup.nestAndroid',
    icon: 'play',
    commands: [
      { command: '.\\emulator-check.exe accel', why: { key: 'setup.typeAndroid' } },
      { command: 'Get-VMHost', why: { key: 'setup.typeHoloLens' } },
    ],
  },
  'windows-sandbox': {
    roles: ['windows-sandbox'],
    name: { key: 'plan.roleWindowsSandbox' },
    why: { key: 'inside.windowsSandboxWhy' },
    inner: 'setup.nestSandbox',
    icon: 'pc',
    commands: [{ command: 'WindowsSandbox.exe', why: { key: 'setup.typeWindowsSandbox' } }],
  },
  'windows-containers': {
    roles: ['hyper-v', 'containers'],
    name: { key: 'inside.windowsContainers' },
    why: { key: 'inside.windowsContainersWhy' },
    inner: 'setup.nestContainers',
    icon: 'pc',
    commands: [
      {
        command: 'docker run --isolation=hyperv mcr.microsoft.com/windows/nanoserver:ltsc2025 cmd /c ver',
        why: { key: 'setup.typeWindowsContainers' },
      },
    ],
  },
  docker: {
    roles: ['virtual-machine-platform'],
    name: { key: 'inside.docker' },
    why: { key: 'inside.dockerWhy' },
    inner: 'setup.nestContainers',
    icon: 'pc',
    hasShortWay: true,
    commands: [
      { command: 'wsl --install --no-distribution', why: { key: 'setup.typeWslOnly' } },
      { command: 'docker run hello-world', why: { key: 'setup.typeDocker' } },
      { command: 'podman run quay.io/podman/hello', why: { key: 'setup.typePodman' } },
    ],
  },
  agents: {
    roles: ['virtual-machine-platform'],
    name: { key: 'inside.agents' },
    why: { key: 'inside.agentsWhy' },
    inner: 'setup.nestSandbox',
    icon: 'term',
    commands: [{ command: 'Get-Service vmcompute', why: { key: 'setup.typeAgents' } }],
  },
  'docker-sandboxes': {
    roles: ['hypervisor-platform'],
    name: { key: 'inside.dockerSandboxes' },
    why: { key: 'inside.dockerSandboxesWhy' },
    inner: 'setup.nestSandbox',
    icon: 'term',
    commands: [
      { command: 'winget install -h Docker.sbx', why: { key: 'setup.typeDockerSandboxesInstall' } },
      { command: 'sbx ls', why: { key: 'setup.typeDockerSandboxes' } },
    ],
  },
  lab: {
    roles: ['hyper-v'],
    name: { key: 'inside.lab' },
    why: { key: 'inside.labWhy' },
    inner: 'setup.nestLab',
    icon: 'vm',
    hasNetwork: true,
    commands: [{ command: 'Get-VMHost', why: { key: 'setup.typeHyperV' } }],
  },
} as const satisfies Record<string, Row>;
export type Purpose = keyof typeof rows;
export const purposes: readonly Purpose[] = Object.keys(rows).filter((name): name is Purpose => name in rows);
export const shownFirst = 4;

export const purposeRow = (purpose: Purpose): Row => rows[purpose];
export const rolesFor = (purpose: Purpose): readonly Role[] => rows[purpose].roles;

/** What it needs is in the Linux of the VM: no role of Windows. */
export const isForLinux = (purpose: Purpose): boolean => rolesFor(purpose).length === 0;

/** One command in place of all steps inside; undefined: there is none, it is done, or no hypervisor could start yet. */
export function shortWayOf(purpose: Purpose, vm: Vm): Command | undefined {
  const { hasShortWay, commands } = purposeRow(purpose);
  if (!hasShortWay || vm.nesting !== true || notHere(purpose, vm)) return undefined;
  return rolesFor(purpose).every((role) => vm.guest?.inside?.roles[role] === 'Enabled') ? undefined : commands[0];
}

/** Which purpose roles are turned on for: the first that needs exactly them, else one that needs them among others. */
export function purposeOf(roles: readonly Role[]): Purpose {
  const needsThem = purposes.filter((purpose) => roles.every((role) => rolesFor(purpose).includes(role)));
  return needsThem.find((purpose) => rolesFor(purpose).length === roles.length) ?? needsThem[0] ?? 'hyper-v';
}

/** What the guest runs, as far as it is known; undefined: not at all. */
export interface GuestSystem {
  readonly isWindows: boolean;
  /** Read inside. From outside only the heartbeat tells: that of Windows says how its applications are. */
  readonly isSure: boolean;
}

export function systemOf(vm: Vm, refusal?: GuestRefusal): GuestSystem | undefined {
  if (vm.guest) return { isWindows: true, isSure: true };
  if (refusal === 'not-windows') return { isWindows: false, isSure: false };
  // Somebody answered PowerShell Direct.
  if (refusal === 'not-administrator') return { isWindows: true, isSure: true };
  switch (vm.heartbeat) {
    case 'OkApplicationsHealthy':
    case 'OkApplicationsCritical':
      return { isWindows: true, isSure: false };
    case 'OkApplicationsUnknown':
      return { isWindows: false, isSure: false };
    default:
      return undefined;
  }
}

/** Why a purpose cannot be had in this VM; null: it can, or nothing speaks against it yet. */
export function notHere(purpose: Purpose, vm: Vm): Message | null {
  const { guest, name } = vm;
  if (!guest) return null;
  const roles = rolesFor(purpose);
  if (roles.length === 0) return { key: 'inside.kvmOnWindows', params: { name } };
  const { windows } = guest.host;
  const lacked = windows && lackedRole(roles, windows);
  if (lacked)
    return { key: 'inside.editionLacks', params: { windows: plainWindows(windows.caption), role: roleName(lacked) } };
  if (roles.some((role) => guest.inside?.roles[role] === 'Absent'))
    return { key: 'inside.featureAbsent', params: { windows: plainWindows(windows?.caption ?? 'Windows') } };
  return null;
}

/** One of them, with its reason; undefined: nothing speaks for one more than for another. */
export function recommendedPurpose(
  vm: Vm,
  system: GuestSystem | undefined,
): { readonly purpose: Purpose; readonly because: Message } | undefined {
  if (system && !system.isWindows) return { purpose: 'kvm', because: { key: 'inside.becauseNotWindows' } };
  const { guest } = vm;
  if (!guest || guest.inside?.roles['hyper-v'] === 'Enabled') return undefined;
  const windows = guest.host.windows;
  if (natsOf(guest.network).length > 0 && notHere('hyper-v', vm) === null)
    return { purpose: 'hyper-v', because: { key: 'inside.becauseNetwork' } };
  if (windows?.server === true) return { purpose: 'hyper-v', because: { key: 'inside.becauseServer' } };
  if (windows && isHome(windows.sku)) return { purpose: 'wsl', because: { key: 'inside.becauseHome' } };
  return undefined;
}

/** `Microsoft Windows 11 Pro` → `Windows 11 Pro` */
export const plainWindows = (caption: string): string => caption.replace(/^Microsoft\s+/, '').trim();

/** Nested VMs that can no longer start when this role is turned off: their files stay. undefined: nobody knows which there are. */
export const stranded = (role: Role, vm: Vm): readonly Vm[] | undefined =>
  role === 'hyper-v' ? ifRead(vm.guest?.vms, undefined, (all) => all) : [];
