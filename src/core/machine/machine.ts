/** The model: what is known of a machine at one moment. `undefined` means that it could not be read: unknown, never fine. */
import type { MachineRef, VmRef } from '../cmdlets/ref.js';
import type { AdapterId, Failure, Guid, Identity, ModuleState } from '../cmdlets/call.js';
import type { ValueOf } from '../cmdlets/catalog.js';
import type { Role } from './roles.js';
import type { Reading, Told } from './reading.js';

export type VmState = ValueOf<'VMState'>;
export type StopAction = ValueOf<'StopAction'>;
type Known<T> = T | undefined;

export interface Adapter {
  readonly id: AdapterId;
  readonly name: Known<string>;
  readonly macAddress: Known<string>;
  readonly macSpoofing: Known<'On' | 'Off'>;
  readonly switchId: Known<Guid | null>;
  readonly switchName: Known<string>;
  readonly addresses: Reading<readonly string[]>;
}

export interface Checkpoint {
  readonly id: Guid;
  readonly name: Known<string>;
  readonly automatic: Known<boolean>;
  /** ISO 8601, UTC */
  readonly created: Known<string>;
  readonly parent: Known<Guid | null>;
}

/** Is a hypervisor running inside? How sure: domain §3. */
export type Inside = 'no' | 'probably' | 'certainly' | 'unknown';

/** What `Vm.inside` rests on, as it was when that was found. */
export type InsideEvidence =
  | { readonly kind: 'nesting-off' | 'off' | 'not-read' }
  /** Nesting is on and it runs, but there are no two samples of this run yet. */
  | { readonly kind: 'not-measured' }
  /** It is saved or paused, or Windows counts nothing under its name. */
  | { readonly kind: 'no-counters' }
  /** Counters go by name: two VMs of one name have theirs together. */
  | { readonly kind: 'shared-name' }
  /** Two samples of NestedVMEntriesPersec, summed over its processors. */
  | { readonly kind: 'counters'; readonly earlier: string; readonly later: string; readonly seconds: number }
  /** The guest's own count of its hypervisor's processors; and what the counters said first after it was read. */
  | { readonly kind: 'inside'; readonly processors: number; readonly counters?: 'no' | 'probably' };

export interface Vm {
  readonly id: Guid;
  readonly name: string;
  readonly state: Known<VmState>;
  /** Windows' own words for the state of health; null: operating normally. */
  readonly problem: Known<string | null>;
  readonly version: Known<string>;
  readonly generation: Known<number>;
  readonly created: Known<string>;
  /** Seconds at readAt. */
  readonly uptime: Known<number>;
  readonly heartbeat: Known<ValueOf<'VMHeartbeatStatus'> | null>;
  readonly processors: Known<number>;
  readonly nesting: Known<boolean>;
  readonly inside: Inside;
  readonly insideEvidence: InsideEvidence;
  readonly memory: {
    readonly dynamic: Known<boolean>;
    /** bytes */
    readonly startup: Known<number>;
    readonly minimum: Known<number>;
    readonly maximum: Known<number>;
    readonly assigned: Known<number>;
    /** What the guest would like to have; 0: Windows has not measured it (off, not booted yet). */
    readonly demand: Known<number>;
  };
  readonly stopAction: Known<StopAction>;
  readonly automaticCheckpoints: Known<boolean>;
  readonly checkpointType: Known<ValueOf<'CheckpointType'>>;
  readonly parentCheckpoint: Known<Guid | null>;
  readonly checkpoints: Reading<readonly Checkpoint[]>;
  readonly adapters: Reading<readonly Adapter[]>;
  /** Whether the guest can be asked to shut down; read only when the VM is read in full. */
  readonly shutdownService: Known<'ok' | 'off' | 'not-answering'>;
  /** The guest's own VMs as far as they are known from inside: null: not looked. */
  readonly nested: Told<readonly { readonly name: string; readonly state: VmState }[]> | null;
  /** NAT networks inside, as last seen there or as a run has made them; absent: none are known. */
  readonly nats?: Reading<readonly Nat[]>;
  /** Addresses that it told last, or at which a run had ports lead to it: only where it tells none now; absent: none are known. */
  readonly lastAddresses?: Reading<readonly string[]>;
  /** The machine that the guest is, as it was read from inside; absent: not looked, or it has gone down since. */
  readonly guest?: Machine;
  /** ISO 8601, UTC */
  readonly readAt: string;
  readonly unread: readonly Failure[];
}

/** What runs have made of it, by VM: known while it is off and after a restart of the app. */
export interface Made {
  readonly nats: ReadonlyMap<VmRef, readonly Nat[]>;
  readonly addresses: ReadonlyMap<VmRef, readonly string[]>;
}

interface VirtualSwitch {
  readonly id: Guid;
  readonly name: Known<string>;
  readonly type: Known<ValueOf<'VMSwitchType'>>;
  readonly adapterDescription: Known<string>;
}

/** `Absent`: this Windows does not have it. */
export type RoleState = ValueOf<'FeatureState'> | 'Absent';

/** A network adapter of the machine itself (MSFT_NetAdapter): its card, or the host's end of a switch. */
export interface NetAdapter {
  readonly name: string;
  readonly description: Known<string>;
  /** Lower-case GUID without braces. */
  readonly id: Guid;
  readonly index: number;
  /** As Get-VMNetworkAdapter writes it: 00155D006A01; null: none. */
  readonly macAddress: Known<string | null>;
  /** NdisPhysicalMedium 9 (domain §4: never by name). */
  readonly wireless: Known<boolean>;
  readonly hardware: Known<boolean>;
  readonly connected: Known<boolean>;
  /** IPv4 comes by DHCP. */
  readonly dhcp: Known<boolean>;
}
interface NetAddress {
  readonly address: string;
  readonly prefixLength: number;
  readonly adapter: string;
  readonly index: number;
}
interface NetRoute {
  /** `10.20.0.0/16` */
  readonly prefix: string;
  readonly nextHop: string;
  readonly adapter: string;
  readonly index: number;
}
export interface Nat {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
}
export const protocols = ['TCP', 'UDP'] as const;
export type Protocol = (typeof protocols)[number];
/** A port of the host that a NAT network hands on to an address behind it. */
export interface PortMapping {
  /** Its StaticMappingID. */
  readonly id: string;
  readonly natName: string;
  readonly protocol: Known<Protocol>;
  readonly hostPort: number;
  readonly address: string;
  readonly vmPort: number;
}
/** A port that a program waits at, of more than the loopback address. */
export interface Listener {
  readonly protocol: Protocol;
  readonly port: number;
  /** Its number. */
  readonly process: Known<number>;
}
/** IPv4 of a machine, read at one moment. */
export interface Network {
  readonly adapters: Reading<readonly NetAdapter[]>;
  readonly addresses: Reading<readonly NetAddress[]>;
  readonly routes: Reading<readonly NetRoute[]>;
  readonly dns: Reading<readonly { readonly index: number; readonly servers: readonly string[] }[]>;
  /** `missing`: this Windows has no WinNAT (Invalid class): neither Hyper-V nor containers are installed. */
  readonly nats: Reading<readonly Nat[]> | 'missing';
  /** Of a PC; absent: not asked for. */
  readonly mappings?: Reading<readonly PortMapping[]>;
  readonly listeners?: Reading<readonly Listener[]>;
  readonly unread: readonly Failure[];
  readonly readAt: string;
}
/** What only matters inside a guest. */
export interface InsideFacts {
  readonly roles: Readonly<Record<Role, Known<RoleState>>>;
  /** Bytes free on C: */
  readonly freeDisk: Known<number>;
}

interface NamedState {
  readonly name: string;
  /** Running, Stopped … */
  readonly state: string;
}
/** Virtualization of other makers, as far as core/errors/topics.ts names it: of this PC and of a guest in one form. */
export interface ThirdParty {
  readonly drivers: Reading<readonly NamedState[]>;
  readonly services: Reading<readonly NamedState[]>;
  /** As Windows lists them. */
  readonly programs: Reading<readonly string[]>;
  readonly readAt: string;
}

export interface HostFacts {
  readonly name: Known<string>;
  readonly windows: Known<{
    readonly caption: string;
    readonly build: number;
    readonly sku: number;
    readonly server: boolean;
  }>;
  readonly processor: Known<{
    readonly name: string;
    readonly vendor: 'intel' | 'amd' | 'other';
    /** Win32_Processor.Architecture: 9 x64, 12 ARM64 */
    readonly architecture: number;
    readonly slat: boolean | null;
    readonly vmMonitorMode: boolean | null;
    readonly firmwareEnabled: boolean | null;
    readonly logicalProcessors: Known<number>;
  }>;
  readonly computer: Known<{
    readonly manufacturer: string;
    readonly model: string;
    readonly hypervisorPresent: boolean;
    /** bytes */
    readonly memory: number;
  }>;
  /** bytes */
  readonly freeMemory: Known<number>;
  /** Optional features by name: 'enabled' | 'disabled' | 'absent'. */
  readonly features: Reading<Readonly<Record<string, 'enabled' | 'disabled' | 'absent'>>>;
  /** What was done from here to mend this PC, and has not helped for good. Of this PC alone. */
  readonly tried?: Reading<readonly Tried[]>;
  /** ISO 8601: when Windows started, one value for one start. Of this PC alone; absent: not known. */
  readonly startedAt?: string;
  /** Services by name (vmms, vmcompute): Running, Stopped …; a service that does not exist is left out. */
  readonly services: Reading<Readonly<Record<string, { readonly state: string; readonly startMode: string }>>>;
  /**
   * Of its own hypervisor, which only a root partition counts, on a PC as in a VM: above 0, it runs for certain. 0: it does not, or
   * this account may not see it.
   */
  readonly hypervisorProcessors: Known<number>;
  readonly vbsStatus: Known<number>;
  readonly supportedVersions: Reading<readonly string[]>;
  /** Where this PC puts the disks and the VMs that are made, unless it is told. Absent: not known. */
  readonly folders?: { readonly disks: string; readonly machines: string };
  readonly switches: Reading<readonly VirtualSwitch[]>;
  readonly identity: Known<Identity>;
  readonly modules: Readonly<Record<string, ModuleState>>;
  readonly languageMode: Known<string>;
  readonly unread: readonly Failure[];
  readonly readAt: string;
}

/** What mends this PC elevated, each by one constant text that ends by itself. */
export const oneShots = ['join-group', 'enable-hyper-v', 'hypervisor-auto', 'start-service'] as const;
export type OneShot = (typeof oneShots)[number];

/** One that was carried out, and when (ISO 8601). */
export interface Tried {
  readonly act: OneShot;
  readonly time: string;
  /** `startedAt` of the PC, as it was then: in which start of Windows it was done. */
  readonly startedAt?: string;
}

/** A virtual hard disk that was asked for by its path. */
export interface Disk {
  readonly path: string;
  /** Its DiskIdentifier; null: there is none. */
  readonly id: string | null;
  /** bytes */
  readonly fileSize?: Known<number>;
  /** VMs of this PC that have it as a drive, or a drive that is based on it. Absent: not known. */
  readonly users?: Reading<readonly Guid[]>;
}

export interface Machine {
  readonly at: MachineRef;
  readonly host: HostFacts;
  /** undefined: the list could not be read, or an empty answer came without rights. Sorted by name. */
  readonly vms: Reading<readonly Vm[]>;
  /** Absent: not asked for yet. */
  readonly network?: Network;
  /** Absent: not asked for yet. */
  readonly thirdParty?: ThirdParty;
  /** Of a guest. */
  readonly inside?: InsideFacts;
  /** Those that a plan is about. Absent: none was asked for. */
  readonly disks?: Reading<readonly Disk[]>;
}
