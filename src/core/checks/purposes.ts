/** What a person wants to run inside a VM, and what that needs to be turned on there (domain §2). */
import type { Message } from '../../text/index.js';
import { isHome } from '../machine/access.js';
import type { GuestRefusal } from '../machine/guest-access.js';
import type { Machine, Role, Vm } from '../machine/machine.js';

export const purposes = ['wsl', 'hyper-v', 'android', 'kvm'] as const;
export type Purpose = (typeof purposes)[number];

/** null: nesting is all that it needs. */
export const roleFor: Readonly<Record<Purpose, Role | null>> = {
  wsl: 'virtual-machine-platform',
  'hyper-v': 'hyper-v',
  android: 'hypervisor-platform',
  kvm: null,
};

/** Which purpose a role is turned on for. */
export const purposeOf = (role: Role): Purpose => purposes.find((purpose) => roleFor[purpose] === role) ?? 'hyper-v';

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
  const role = roleFor[purpose];
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
  if (hasNat(guest)) return { purpose: 'hyper-v', because: { key: 'inside.becauseNetwork' } };
  if (windows?.server === true) return { purpose: 'hyper-v', because: { key: 'inside.becauseServer' } };
  if (windows && isHome(windows.sku)) return { purpose: 'wsl', because: { key: 'inside.becauseHome' } };
  return undefined;
}

const hasNat = ({ network }: Machine): boolean => Array.isArray(network?.nats) && network.nats.length > 0;

/** `Microsoft Windows 11 Pro` → `Windows 11 Pro` */
export const plainWindows = (caption: string): string => caption.replace(/^Microsoft\s+/, '').trim();

/** Nested VMs that can no longer start when this role is turned off: their files stay. */
export const stranded = (role: Role, vm: Vm): readonly Vm[] => (role === 'hyper-v' ? (vm.guest?.vms ?? []) : []);
