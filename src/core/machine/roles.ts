/** What can be turned on inside a machine, so that something can be run there: one row each. */
import type { Message } from '../../text/index.js';
import { cmdlets } from '../cmdlets/catalog.js';
import { isHome, type WindowsEdition } from './edition.js';

interface Row {
  /** Of its calls in the catalog: `Get-WindowsOptionalFeature/Hyper-V`. DISM has one name for it on client and Server; that of Install-WindowsFeature is another. */
  readonly calls: string;
  /** In a title, which is data: Windows' own English word. */
  readonly name: string;
  /** As Windows shows it. */
  readonly words: Message;
  /** The first build that has it; null: no such edition does. */
  readonly from: { readonly client: number; readonly home: number | null; readonly server: number | null };
}

const rows = {
  /** Nested Hyper-V from Windows 10 1607 and Server 2016. */
  'hyper-v': {
    calls: 'Hyper-V',
    name: 'Hyper-V',
    words: { key: 'plan.roleHyperV' },
    from: { client: 14393, home: null, server: 14393 },
  },
  /** WSL 2 from Windows 10 2004 and Server 2022. */
  'virtual-machine-platform': {
    calls: 'VirtualMachinePlatform',
    name: 'VirtualMachinePlatform',
    words: { key: 'plan.roleMachinePlatform' },
    from: { client: 19041, home: 19041, server: 20348 },
  },
  /** WHPX from Windows 10 1803 and Server 2019. */
  'hypervisor-platform': {
    calls: 'HypervisorPlatform',
    name: 'HypervisorPlatform',
    words: { key: 'plan.roleHypervisorPlatform' },
    from: { client: 17134, home: 17134, server: 17763 },
  },
  /** Windows containers from Windows 10 1607 and Server 2016 (documented: Pro and Enterprise). */
  containers: {
    calls: 'Containers',
    name: 'Containers',
    words: { key: 'plan.roleContainers' },
    from: { client: 14393, home: null, server: 14393 },
  },
  /** From Windows 10 1903 (documented: Pro, Enterprise and Education). */
  'windows-sandbox': {
    calls: 'WindowsSandbox',
    name: 'Windows Sandbox',
    words: { key: 'plan.roleWindowsSandbox' },
    from: { client: 18362, home: null, server: null },
  },
} as const satisfies Readonly<Record<string, Row>>;
export type Role = keyof typeof rows;

/** One value for each role: a record that lacks one is none. */
export const eachRole = <const Value>(of: (role: Role) => Value): Readonly<Record<Role, Value>> => ({
  'hyper-v': of('hyper-v'),
  'virtual-machine-platform': of('virtual-machine-platform'),
  'hypervisor-platform': of('hypervisor-platform'),
  containers: of('containers'),
  'windows-sandbox': of('windows-sandbox'),
});
/** In the order in which they are turned on. */
export const roleNames = Object.keys(rows).filter((name): name is Role => name in rows);

export const roleName = (role: Role): string => rows[role].name;
export const roleWords = (role: Role): Message => rows[role].words;
/** Which editions have what another lacks. */
export const roleEditions = (role: Role): Message =>
  rows[role].from.server === null ? { key: 'inside.editionsClient' } : { key: 'inside.editionsNoHome' };

export const readOfRole = <One extends Role>(role: One): `Get-WindowsOptionalFeature/${(typeof rows)[One]['calls']}` =>
  `Get-WindowsOptionalFeature/${rows[role].calls}`;
export const turnOfRole = (role: Role, on: boolean) =>
  on
    ? (`Enable-WindowsOptionalFeature/${rows[role].calls}` as const)
    : (`Disable-WindowsOptionalFeature/${rows[role].calls}` as const);
/** As DISM calls it. */
export const featureOf = (role: Role): string => cmdlets[readOfRole(role)].fixed.FeatureName;

/** The first build of this edition that has it; null: the edition never does. */
export function firstBuildOf(role: Role, { sku, server }: Pick<WindowsEdition, 'sku' | 'server'>): number | null {
  const { from } = rows[role];
  return server ? from.server : isHome(sku) ? from.home : from.client;
}
export const lackedRole = (roles: readonly Role[], windows: WindowsEdition): Role | undefined =>
  roles.find((role) => firstBuildOf(role, windows) === null);

/** As it is asked for. */
export const turnedOn = (roles: readonly Role[]): Readonly<Partial<Record<Role, boolean>>> =>
  Object.fromEntries(roles.map((role) => [role, true]));
