/** The simulated world: machines that hold VMs, whose guests are machines again. Plain values; what may change is said in cmdlets/. */
import type { AdapterId, Guid, Identity, ModuleState } from '../src/core/cmdlets/call.js';
import type { ValueOf } from '../src/core/cmdlets/catalog.js';
import type { Locale } from './errors.js';
import type { Lease, MachineNetwork, OutsideNetwork } from './network.js';

export type VmState = ValueOf<'VMState'>;
export type ServiceName =
  'Guest Service Interface' | 'Heartbeat' | 'Key-Value Pair Exchange' | 'Shutdown' | 'Time Synchronization' | 'VSS';

export interface AdapterSettings {
  readonly id: AdapterId;
  readonly name: string;
  readonly macAddress: string;
  readonly macSpoofing: 'On' | 'Off';
  readonly switchId: Guid | null;
}

/** What a checkpoint holds and an application of it brings back. */
export interface VmSettings {
  readonly nesting: boolean;
  readonly processors: number;
  readonly dynamicMemory: boolean;
  /** bytes */
  readonly startup: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly stopAction: ValueOf<'StopAction'>;
  readonly automaticCheckpoints: boolean;
  readonly checkpointType: ValueOf<'CheckpointType'>;
  readonly adapters: readonly AdapterSettings[];
  /** Paths of its virtual hard disks. */
  readonly disks: readonly string[];
  /** With the path of the image in it; empty: none. */
  readonly dvds: readonly { readonly id: string; readonly path: string }[];
  /** Of generation 2. */
  readonly secureBoot: 'On' | 'Off';
  readonly secureBootTemplate: string;
  /** The id of the DVD drive; null: its disk. */
  readonly firstBoot: string | null;
  readonly keyProtector: boolean;
  readonly tpm: boolean;
}

export interface SimulatedCheckpoint {
  readonly id: Guid;
  readonly name: string;
  readonly automatic: boolean;
  readonly created: number;
  readonly parent: Guid | null;
  readonly settings: VmSettings;
  readonly version: string;
}

/** The operating system in a VM, as far as the host notices it. */
export interface Guest {
  readonly kind: 'windows' | 'linux' | 'none';
  /** How it answers when asked to shut down. `updating`: obeys after `updateSeconds`; `hung`: begins and never ends. */
  obeys: 'yes' | 'locked' | 'updating' | 'hung';
  bootSeconds: number;
  shutdownSeconds: number;
  updateSeconds: number;
  /** bytes that it would like to have, at rest and at most */
  demand: { readonly rest: number; readonly peak: number };
  /** Whether it starts a hypervisor when it boots and sees the extensions. */
  startsHypervisor: boolean;
  /** The address of a guest that is no machine of ours, given by hand; null: as DHCP says. */
  address: Lease | null;
  /** The machine that it is: present when something can be done inside. */
  readonly machine: SimulatedMachine | null;
  /** It is being installed on this disk, and answers when that is done. */
  readonly installs?: SimulatedDisk;
  /** What it says to whoever is signed in, in place of the truth. */
  lie?: GuestLie;
}

/** Texts may be of any length: said so many times. */
interface Told {
  readonly text: string;
  readonly times?: number;
}

/** A system on a disk, or one that an image installs. */
export type System = Pick<Guest, 'kind' | 'machine'>;

export interface SimulatedDisk {
  /** As Get-VHD says it: a GUID in capitals. */
  readonly id: string;
  readonly type: 'Fixed' | 'Dynamic' | 'Differencing';
  /** bytes that a VM sees */
  readonly size: number;
  /** The path of what it differs from. */
  readonly parent: string | null;
  /** null: nothing, or what its parent has. */
  system: System | null;
}

export interface SimulatedFile {
  /** As it was written. */
  readonly path: string;
  /** bytes on the drive */
  readonly size: number;
  readonly disk?: SimulatedDisk;
  /** An image that installs such a system; null: none that starts. */
  readonly iso?: 'windows' | 'linux' | null;
}

export interface SimulatedFolder {
  readonly path: string;
  readonly mayWrite: boolean;
}

export interface SimulatedFiles {
  /** Both by `keyOf` their path. */
  readonly files: Map<string, SimulatedFile>;
  readonly folders: Map<string, SimulatedFolder>;
  /** bytes free, by drive: `c:` */
  readonly drives: Record<string, number>;
}

/** A guest whose PowerShell is not what it seems: it lies, floods or is broken. */
export interface GuestLie {
  /** In place of what: the first answer of a session, or each answer to calls. */
  readonly instead: 'entering' | 'answers';
  /** Texts, or objects as PowerShell sends them. */
  readonly objects: readonly (Told | { readonly clixml: string })[];
  readonly copies?: number;
  /** Records of each other stream that come before. */
  readonly besides?: number;
  /** An error that comes after. */
  readonly error?: { readonly id: Told; readonly message: Told; readonly target: Told };
}

export interface SimulatedVm {
  readonly id: Guid;
  name: string;
  state: VmState;
  version: string;
  readonly generation: 1 | 2;
  created: number;
  settings: VmSettings;
  checkpoints: SimulatedCheckpoint[];
  parentCheckpoint: Guid | null;
  services: Record<ServiceName, boolean>;
  /** Of a VM that was made, what it has booted (install.ts). */
  guest: Guest;
  /** When it was started, without time spent paused or saved; null: it does not run. */
  startedAt: number | null;
  /** Milliseconds of running before it was saved or paused. */
  ranBefore: number;
  /** When the guest has booted; null: not yet. */
  bootedAt: number | null;
  /** Bytes of a static VM that was resized while it ran. */
  resized: number | null;
  /** Whether a hypervisor was running inside when it was paused or saved. */
  hypervisorInside: boolean;
  /** Somebody inside has started or ended it since the guest booted, and when; null: it is as it starts by itself. */
  hypervisorByHand: { readonly on: boolean; readonly at: number } | null;
  nestedEntries: number;
  lastStateChange: number;
  lastConfigurationChange: number;
  /** Windows' words and codes of health; null: operating normally. */
  problem: { readonly status: string; readonly text: ProblemText; readonly health: number } | null;
  /** Properties that throw when they are read, by cmdlet: `{'Get-VMProcessor': ['ExposeVirtualizationExtensions']}`. */
  broken: Readonly<Record<string, readonly string[]>>;
}
type ProblemText = 'statusStorage' | 'statusDisk';

export interface SimulatedSwitch {
  readonly id: Guid;
  readonly name: string;
  readonly type: ValueOf<'VMSwitchType'>;
  readonly allowManagementOs: boolean;
  readonly adapterDescription: string;
}

/** An account of a machine, as Windows signs it in. */
export interface SimulatedUser {
  readonly name: string;
  /** Empty ones are refused from outside (domain §5). */
  readonly password: string;
  readonly isAdministrator: boolean;
  /** `microsoft`: as MicrosoftAccount\\mail; `entra`: never by a password over PowerShell Direct. */
  readonly kind: 'local' | 'microsoft' | 'entra';
}

export type FeatureState = ValueOf<'FeatureState'>;

export interface SimulatedMachine {
  readonly name: string;
  readonly locale: Locale;
  readonly computer: { readonly manufacturer: string; readonly model: string; /** bytes */ readonly memory: number };
  /** Of its firmware; in lower case. */
  uuid: Guid;
  /** What it stands on. */
  readonly below: 'nothing' | 'hyper-v' | 'other-hypervisor';
  readonly processor: {
    readonly name: string;
    readonly manufacturer: string;
    readonly architecture: number;
    readonly cores: number;
    readonly logicalProcessors: number;
    readonly extensions: boolean;
  };
  readonly windows: {
    readonly caption: string;
    readonly build: number;
    readonly sku: number;
    readonly productType: number;
  };
  /** By name; one that this Windows does not have is left out. */
  features: Record<string, FeatureState>;
  services: Record<string, { state: string; startMode: string }>;
  vbsStatus: number;
  hypervisorRunning: boolean;
  modules: Record<string, ModuleState>;
  languageMode: string;
  identity: Identity;
  vms: Map<Guid, SimulatedVm>;
  switches: SimulatedSwitch[];
  readonly network: MachineNetwork;
  users: readonly SimulatedUser[];
  /** Since 2025-09 the two ends of PowerShell Direct must be on like update levels. */
  updates: 'current' | 'before-2025-09';
  readonly files: SimulatedFiles;
  /** Drivers of other virtualization: state by service name. */
  drivers: Record<string, 'Running' | 'Stopped'>;
  /** What Windows lists as installed. */
  programs: readonly string[];
}

/** How the person in front of it answers the prompt of Windows. */
interface Elevation {
  answer: 'granted' | 'refused' | 'other-account';
  /** Which account `other-account` elevates: an administrator's, or the one that Administrator Protection keeps. */
  account: string;
  sid: string;
}

export type Act = 'join-group' | 'allow-session' | 'enable-hyper-v' | 'hypervisor-auto' | 'start-service';

export interface World {
  readonly name: string;
  readonly host: SimulatedMachine;
  readonly elevation: Elevation;
  /** Folklore: what is only usual is a switch, not a law. */
  readonly folklore: {
    /** Whether AutomaticStopAction can be set only while the VM is off (greyed out in Hyper-V Manager while it runs). */
    stopActionNeedsOff: boolean;
    /** Whether a wireless card drops the frames of VMs inside VMs (domain §4: usually). */
    wifiDropsForeignFrames: boolean;
    /** What Windows does with a second NAT network: refused with 87, or taken, and then only the first works. */
    secondNat: 'refused' | 'taken';
    /** Whether the limits of a VM without dynamic memory stay as they were, or follow its startup. */
    fixedLimits: 'kept' | 'follow';
    /** Whether this PC's hypervisor starts once it is set to: reported with everything on, and it does not (WSL#14384). */
    hypervisorStarts: boolean;
  };
  readonly networks: OutsideNetwork[];
  /** A fresh GUID; the same ones in the same order each time. */
  readonly newId: () => Guid;
}

export const serviceIds: Readonly<Record<ServiceName, string>> = {
  'Guest Service Interface': '6C09BB55-D683-4DA0-8931-C9BF705F6480',
  Heartbeat: '84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47',
  'Key-Value Pair Exchange': '2A34B1C2-FD73-4043-8A5B-DD2159BC743F',
  Shutdown: '9F8233AC-BE49-4C79-8EE3-E7E1985B2077',
  'Time Synchronization': '2497F4DE-E9FA-4204-80E4-4B75C46419C0',
  VSS: '5CED1297-4598-4915-A5FC-AD21BB4D02A4',
};

/** Documented: configuration versions by Windows build (facts: configurationVersions). */
export function supportedVersions(build: number): readonly string[] {
  const eight = ['8.0', '8.1', '8.2', '8.3'];
  if (build >= 26100) return [...eight, '9.0', '9.1', '9.2', '9.3', '10.0', '11.0', '12.0'];
  if (build >= 22621) return [...eight, '9.0', '9.1', '9.2', '9.3', '10.0', '11.0'];
  if (build >= 20348) return [...eight, '9.0', '9.1', '9.2', '9.3', '10.0'];
  if (build >= 19041) return [...eight, '9.0', '9.1', '9.2'];
  if (build >= 17763) return ['5.0', '6.2', '7.0', '7.1', ...eight, '9.0'];
  return ['5.0', '6.2', '7.0', '7.1', '8.0'];
}

/** Versions as numbers, so that 10.0 is above 9.3. */
export function versionNumber(version: string): number {
  const [major = '0', minor = '0'] = version.split('.');
  return Number(major) * 1000 + Number(minor);
}

/** Documented (nestdoc): Intel from Windows 10 1607, AMD from Windows 11 / Server 2022; x64 only. */
export function offersNesting(machine: SimulatedMachine, version: string): boolean {
  const { manufacturer, architecture, extensions } = machine.processor;
  if (architecture !== 9 || !extensions) return false;
  if (manufacturer === 'GenuineIntel') return machine.windows.build >= 14393 && versionNumber(version) >= 8000;
  return manufacturer === 'AuthenticAMD' && machine.windows.build >= 20348 && versionNumber(version) >= 9003;
}
