/** Building machines and VMs with fixed ids: a scenario is the same each time. */
import type { Guid, Identity } from '../../src/core/cmdlets/call.js';
import { epoch } from '../clock.js';
import { defaultSwitchId, type OutsideNetwork } from '../network.js';
import { addHostEnds, defaultSwitch } from '../roles.js';
import { card, ethernet, plugIn } from './cards.js';
import { home } from './homes.js';
import type {
  AdapterSettings,
  FeatureState,
  Guest,
  SimulatedMachine,
  SimulatedSwitch,
  SimulatedVm,
  VmSettings,
  VmState,
  World,
} from '../world.js';

export const GiB = 2 ** 30;

/** A small generator (mulberry32): the same seed, the same GUIDs. */
export function idsFrom(seed: number): () => Guid {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0).toString(16).padStart(8, '0');
  };
  return () => {
    const hex = next() + next() + next() + next();
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  };
}

/** The same for each machine of a name. */
const uuidOf = (name: string): Guid =>
  idsFrom(Array.from(name).reduce((sum, letter) => Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0), 7))();

export const externalSwitch = (id: Guid): SimulatedSwitch => ({
  id,
  name: 'LAN',
  type: 'External',
  allowManagementOs: true,
  adapterDescription: ethernet,
});

const identity: Identity = {
  account: 'DEV-PC\\mei',
  sid: 'S-1-5-21-1004336348-1177238915-682003330-1001',
  inToken: true,
  isMember: true,
  isElevated: false,
  isAdministrator: true,
  approvalMode: 1,
};

const features = ['Microsoft-Hyper-V-All', 'Microsoft-Hyper-V', 'Microsoft-Hyper-V-Tools-All', 'Microsoft-Hyper-V-Management-PowerShell', 'Microsoft-Hyper-V-Management-Clients', 'Microsoft-Hyper-V-Hypervisor', 'Microsoft-Hyper-V-Services']; // prettier-ignore
/** What is there besides, and off: Windows Sandbox on clients alone, it and containers not in Home editions (documented). */
const otherFeatures = ({ productType, sku }: { readonly productType: number; readonly sku: number }) => {
  const isHome = [98, 99, 100, 101].includes(sku);
  const names = ['VirtualMachinePlatform', 'HypervisorPlatform', ...(isHome ? [] : ['Containers']), ...(isHome || productType !== 1 ? [] : ['Containers-DisposableClientVM'])]; // prettier-ignore
  return Object.fromEntries(names.map((name) => [name, 'Disabled' as const]));
};
export const featuresOf = (windows: SimulatedMachine['windows'], state: FeatureState) => ({
  ...Object.fromEntries(features.map((name) => [name, state])),
  ...otherFeatures(windows),
});

const intelProcessor = {
  name: '13th Gen Intel(R) Core(TM) i9-13900K',
  manufacturer: 'GenuineIntel',
  architecture: 9,
  cores: 24,
  logicalProcessors: 32,
  extensions: true,
};
export const amdProcessor = {
  name: 'AMD Ryzen 9 7950X 16-Core Processor',
  manufacturer: 'AuthenticAMD',
  architecture: 9,
  cores: 16,
  logicalProcessors: 32,
  extensions: true,
};
export const windows11 = { caption: 'Microsoft Windows 11 Pro', build: 26100, sku: 48, productType: 1 };

/** A physical Windows 11 Pro on Intel with Hyper-V, whose user may use it. */
export function machine(over: Partial<SimulatedMachine> = {}): SimulatedMachine {
  const name = over.name ?? 'DEV-PC';
  const made: SimulatedMachine = {
    name,
    locale: 'en',
    computer: { manufacturer: 'ASUS', model: 'ROG STRIX Z790-E GAMING WIFI', memory: 64 * GiB },
    uuid: uuidOf(name),
    below: 'nothing',
    processor: intelProcessor,
    windows: windows11,
    features: featuresOf(over.windows ?? windows11, 'Enabled'),
    services: {
      vmms: { state: 'Running', startMode: 'Auto' },
      vmcompute: { state: 'Running', startMode: 'Manual' },
    },
    vbsStatus: 2,
    hypervisorRunning: true,
    modules: { 'Hyper-V': 'loaded', CimCmdlets: 'loaded' },
    languageMode: 'FullLanguage',
    identity,
    vms: new Map(),
    network: {
      cards: over.below === 'hyper-v' ? [] : [card(name, 'LAN')],
      addresses: [],
      routes: [],
      nats: [],
      starts: 1,
    },
    users: [],
    updates: 'current',
    files: home(),
    drivers: {},
    programs: ['Microsoft Edge', 'Microsoft Visual C++ 2015-2022 Redistributable (x64)'],
    ...over,
    switches: [...(over.switches ?? [defaultSwitch])],
  };
  // A guest gets its cards from the VM that it is.
  if (made.below !== 'hyper-v') addHostEnds(made);
  return made;
}

export interface VmWish {
  readonly name: string;
  readonly state?: VmState;
  readonly version?: string;
  readonly generation?: 1 | 2;
  readonly settings?: Partial<Omit<VmSettings, 'adapters'>>;
  readonly switchId?: Guid | null;
  readonly macSpoofing?: 'On' | 'Off';
  /** More adapters than the one. */
  readonly more?: readonly { readonly name: string; readonly switchId: Guid | null }[];
  readonly guest?: Partial<Guest>;
  /** Seconds since it was started. */
  readonly up?: number;
  readonly shutdownService?: boolean;
  readonly problem?: SimulatedVm['problem'];
  readonly broken?: SimulatedVm['broken'];
}

function adaptersOf(newId: () => Guid, vmId: Guid, wish: VmWish): readonly AdapterSettings[] {
  return [
    { name: 'Network Adapter', switchId: wish.switchId === undefined ? defaultSwitchId : wish.switchId },
    ...(wish.more ?? []),
  ].map(({ name, switchId }): AdapterSettings => {
    const own = newId();
    return {
      id: `Microsoft:${vmId.toUpperCase()}\\${own.toUpperCase()}`,
      name,
      macAddress: `00155D${own.slice(0, 6).toUpperCase()}`,
      macSpoofing: wish.macSpoofing ?? 'Off',
      switchId,
    };
  });
}

const guestOf = (wish: VmWish, startup: number): Guest => ({
  kind: 'windows',
  obeys: 'yes',
  bootSeconds: 8,
  shutdownSeconds: 5,
  updateSeconds: 240,
  demand: { rest: startup * 0.6, peak: startup * 0.95 },
  startsHypervisor: false,
  address: null,
  machine: null,
  ...wish.guest,
});

const settingsOf = (wish: VmWish, startup: number, adapters: readonly AdapterSettings[]): VmSettings => ({
  nesting: false,
  processors: 4,
  dynamicMemory: false,
  startup,
  minimum: GiB / 2,
  maximum: Math.max(2 ** 40, startup),
  stopAction: 'Save',
  automaticCheckpoints: false,
  checkpointType: 'Production',
  disks: [],
  dvds: [],
  secureBoot: 'On',
  secureBootTemplate: 'MicrosoftWindows',
  firstBoot: null,
  keyProtector: false,
  tpm: false,
  ...wish.settings,
  adapters,
});

export function vm(newId: () => Guid, wish: VmWish): SimulatedVm {
  const { state = 'Off', up = 3600 } = wish;
  const at = epoch;
  const id = newId();
  const adapters = adaptersOf(newId, id, wish);
  const startup = wish.settings?.startup ?? 4 * GiB;
  const runs = state === 'Running';
  const guest = guestOf(wish, startup);
  if (guest.machine) plugIn(guest.machine, adapters);
  const began = at - up * 1000;
  return {
    id,
    name: wish.name,
    state,
    version: wish.version ?? '12.0',
    generation: wish.generation ?? 2,
    created: at - 90 * 86_400_000,
    settings: settingsOf(wish, startup, adapters),
    checkpoints: [],
    parentCheckpoint: null,
    services: {
      'Guest Service Interface': false,
      Heartbeat: true,
      'Key-Value Pair Exchange': true,
      Shutdown: wish.shutdownService ?? true,
      'Time Synchronization': true,
      VSS: true,
    },
    guest,
    startedAt: runs ? began : null,
    ranBefore: runs || state === 'Off' ? 0 : up * 1000,
    bootedAt: state === 'Off' || state === 'OffCritical' ? null : began + guest.bootSeconds * 1000,
    resized: null,
    hypervisorInside: false,
    hypervisorByHand: null,
    nestedEntries: 0,
    lastStateChange: state === 'Off' ? at - 3 * 86_400_000 : began,
    lastConfigurationChange: at - 5 * 86_400_000,
    problem: wish.problem ?? null,
    broken: wish.broken ?? {},
  };
}

/** At home: a router that answers DHCP and DNS. */
const lan: OutsideNetwork = {
  name: 'LAN',
  prefix: '192.168.178.0/24',
  router: '192.168.178.1',
  dhcp: true,
  dns: ['192.168.178.1'],
  internet: true,
  pings: true,
};

export const byId = (vms: readonly SimulatedVm[]) => new Map(vms.map((one) => [one.id, one]));

export function world(name: string, newId: () => Guid, host: SimulatedMachine, over: Partial<World> = {}): World {
  return {
    name,
    host,
    newId,
    elevation: { answer: 'granted', account: 'DEV-PC\\admin', sid: 'S-1-5-21-1004336348-1177238915-682003330-1002' },
    folklore: {
      stopActionNeedsOff: false,
      wifiDropsForeignFrames: true,
      secondNat: 'refused',
      fixedLimits: 'kept',
      hypervisorStarts: true,
    },
    networks: [lan],
    ...over,
  };
}

/** Scenarios are written as of `epoch`; a clock that starts elsewhere finds the same ages. */
export function moveTo(host: SimulatedMachine, at: number): void {
  const by = at - epoch;
  for (const one of host.vms.values()) {
    one.lastStateChange += by;
    one.lastConfigurationChange += by;
    if (one.startedAt !== null) one.startedAt += by;
    if (one.bootedAt !== null) one.bootedAt += by;
    one.created += by;
    one.checkpoints = one.checkpoints.map((checkpoint) => ({ ...checkpoint, created: checkpoint.created + by }));
    if (one.guest.machine) moveTo(one.guest.machine, at);
  }
}
