/** Windows in a VM, with accounts to sign in with. */
import { defaultSwitch } from '../roles.js';
import type { FeatureState, SimulatedMachine, SimulatedUser } from '../world.js';
import { filesOf } from '../files.js';
import { featuresOf, GiB, machine, windows11 } from './build.js';
import { diskFolder } from './homes.js';

export const local = (name: string, password: string, isAdministrator = true): SimulatedUser => ({
  name,
  password,
  isAdministrator,
  kind: 'local',
});

export const windowsServer = {
  caption: 'Microsoft Windows Server 2025 Standard',
  build: 26100,
  sku: 7,
  productType: 3,
};

interface GuestWish {
  readonly name: string;
  readonly users: readonly SimulatedUser[];
  /** Hyper-V of its own, which runs when nesting is on. */
  readonly hyperV?: boolean;
  readonly over?: Partial<SimulatedMachine>;
}

/** Hyper-V, its services and its Default Switch on a client; or none of them. Set running only in a VM with nesting on. */
export function windowsGuest({ name, users, hyperV = false, over = {} }: GuestWish): SimulatedMachine {
  const windows = over.windows ?? { ...windows11, caption: 'Microsoft Windows 11 Enterprise', sku: 4 };
  const state: FeatureState = hyperV ? 'Enabled' : 'Disabled';
  const [first] = users;
  const roleServices = {
    vmms: { state: 'Running', startMode: 'Auto' },
    vmcompute: { state: 'Running', startMode: 'Manual' },
  };
  return machine({
    name,
    computer: { manufacturer: 'Microsoft Corporation', model: 'Virtual Machine', memory: 8 * GiB },
    below: 'hyper-v',
    features: featuresOf(windows, state),
    modules: { 'Hyper-V': hyperV ? 'loaded' : 'missing', CimCmdlets: 'loaded' },
    hypervisorRunning: hyperV,
    vbsStatus: 0,
    users,
    files: filesOf({ 'c:': 64 * GiB }, [diskFolder]),
    identity: { account: `${name}\\${first?.name ?? 'Administrator'}`, sid: 'S-1-5-21-77-88-99-1001', inToken: true, isMember: true, isElevated: true, isAdministrator: true }, // prettier-ignore
    ...over,
    windows,
    switches: over.switches ?? (hyperV && windows.productType === 1 ? [defaultSwitch] : []),
    services: {
      ...(hyperV ? roleServices : {}),
      vmicvmsession: { state: 'Running', startMode: 'Manual' },
      ...over.services,
    },
  });
}
