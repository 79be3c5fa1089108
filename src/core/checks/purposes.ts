/** What a person wants to run inside a VM, and what that needs to be turned on there (domain §2). */
import type { Message } from '../../text/index.js';
import { isHome } from '../machine/access.js';
import type { GuestRefusal } from '../machine/guest-access.js';
import type { Role, Vm } from '../machine/machine.js';
import { natsOf } from '../network/nat.js';
import type { Command } from './check.js';

interface Row {
  /** null: nesting is all that it needs. */
  readonly role: Role | null;
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
  /** Typed inside: the short way first, then what proves that it works. */
  readonly commands: readonly Command[];
}

/** The first four are what a page shows at once; the others are found by typing. */
const rows = {
  wsl: {
    role: 'virtual-machine-platform',
    name: { key: 'inside.wsl' },
    why: { key: 'inside.wslWhy' },
    inner: 'setup.nestWsl',
    icon: 'pc',
    commands: [
      { command: 'wsl --install', why: { key: 'setup.typeWsl' } },
      { command: 'wsl --list --verbose', why: { key: 'setup.typeWslCheck' } },
      { command: 'wsl --version', why: { key: 'setup.typeWslContainers' } },
    ],
  },
  'hyper-v': {
    role: 'hyper-v',
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
    role: 'hypervisor-platform',
    name: { key: 'inside.android' },
    why: { key: 'inside.androidWhy' },
    inner: 'setup.nestAndroid',
    icon: 'play',
    commands: [{ command: '.\\emulator-check.exe accel', why: { key: 'setup.typeAndroid' } }],
  },
  kvm: {
    role: null,
    name: { key: 'inside.kvm' },
    why: { key: 'inside.kvmWhy' },
    inner: 'setup.nestKvm',
    icon: 'term',
    commands: [],
  },
  docker: {
    role: 'virtual-machine-platform',
    name: { key: 'inside.docker' },
    why: { key: 'inside.dockerWhy' },
    inner: 'setup.nestContainers',
    icon: 'pc',
    commands: [
      { command: 'wsl --install --no-distribution', why: { key: 'setup.typeWslOnly' } },
      { command: 'docker run hello-world', why: { key: 'setup.typeDocker' } },
      { command: 'podman run quay.io/podman/hello', why: { key: 'setup.typePodman' } },
    ],
  },
  agents: {
    role: 'virtual-machine-platform',
    name: { key: 'inside.agents' },
    why: { key: 'inside.agentsWhy' },
    inner: 'setup.nestSandbox',
    icon: 'term',
    commands: [{ command: 'Get-Service vmcompute', why: { key: 'setup.typeAgents' } }],
  },
  'docker-sandboxes': {
    role: 'hypervisor-platform',
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
    role: 'hyper-v',
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
export const roleFor = (purpose: Purpose): Role | null => rows[purpose].role;

/** Which purpose a role is turned on for. */
export const purposeOf = (role: Role): Purpose => purposes.find((purpose) => roleFor(purpose) === role) ?? 'hyper-v';

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
  const role = roleFor(purpose);
  if (role === null) return { key: 'inside.kvmOnWindows', params: { name } };
  const windows = guest.host.windows;
  if (role === 'hyper-v' && windows && isHome(windows.sku))
    return { key: 'inside.homeHasNone', params: { windows: plainWindows(windows.caption) } };
  if (guest.inside?.roles[role] === 'Absent')
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
  if (natsOf(guest.network).length > 0) return { purpose: 'hyper-v', because: { key: 'inside.becauseNetwork' } };
  if (windows?.server === true) return { purpose: 'hyper-v', because: { key: 'inside.becauseServer' } };
  if (windows && isHome(windows.sku)) return { purpose: 'wsl', because: { key: 'inside.becauseHome' } };
  return undefined;
}

/** `Microsoft Windows 11 Pro` → `Windows 11 Pro` */
export const plainWindows = (caption: string): string => caption.replace(/^Microsoft\s+/, '').trim();

/** Nested VMs that can no longer start when this role is turned off: their files stay. */
export const stranded = (role: Role, vm: Vm): readonly Vm[] => (role === 'hyper-v' ? (vm.guest?.vms ?? []) : []);
