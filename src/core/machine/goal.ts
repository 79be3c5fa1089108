/** A goal is a state that the user wants. It is all that the renderer may ask for. */
import type { MachineRef, VmRef } from '../cmdlets/ref.js';
import type { AdapterId, Guid } from '../cmdlets/call.js';
import type { Protocol, StopAction } from './machine.js';
import type { Role } from './roles.js';

export type RunId = string;
/** What a plan can need to be agreed to. */
export const consentKinds = [
  'shut-down',
  'turn-off',
  'drop-saved-state',
  'upgrade-version',
  /** Its network stops for seconds while an external switch is made inside. */
  'interrupt-guest-network',
  /** A VM that was made goes, with the disk that was made for it and all that is on it. */
  'remove-vm',
] as const;
export type Consent = (typeof consentKinds)[number];

/** An IPv4 address of an adapter inside a nested VM. */
export interface StaticV4 {
  readonly address: string;
  readonly prefixLength: number;
  readonly gateway: string;
  readonly dns: readonly string[];
}

/** How nested VMs reach the network (domain §4). Adapters are named by their VM and their id inside L1. */
export type NetworkWant = {
  /** Nested VMs whose adapters are connected. */
  readonly nested: readonly {
    readonly vm: Guid;
    readonly adapter: AdapterId;
    /** Set inside L2, where an account for it is given. */
    readonly address?: StaticV4;
  }[];
} & (
  | { readonly kind: 'default-switch' }
  /** Spoofing on the L0 adapter, an external switch inside on the card with that MAC address. */
  | { readonly kind: 'external'; readonly adapter: AdapterId; readonly switchName: string }
  | {
      readonly kind: 'nat';
      readonly switchName: string;
      readonly natName: string;
      /** `192.168.100.0/24`; its first address is the gateway. */
      readonly prefix: string;
    }
);

export const bootKeys = ['windows', 'linux', 'off'] as const;
/** Whose signature the firmware asks for before it boots something; `off`: it asks for none. */
export type SecureBoot = (typeof bootKeys)[number];
/** The one disk of a VM to be made. Paths are whole paths of Windows; sizes in bytes. */
export type NewDisk =
  | { readonly kind: 'empty'; readonly path: string; readonly size: number }
  /** On a disk that stays as it is, or of a copy of it. */
  | { readonly kind: 'differencing' | 'copy'; readonly path: string; readonly from: string };
/** A VM to be made on this PC: of generation 2, without automatic checkpoints, shut down with the PC. */
export interface NewVm {
  readonly name: string;
  readonly disk: NewDisk;
  /** What it is installed from: a whole path of Windows. */
  readonly iso?: string;
  readonly processors: number;
  /** bytes */
  readonly memory: number;
  readonly secureBoot: SecureBoot;
  readonly tpm: boolean;
  /** The name of a switch of this PC, its only one of that name; null: not connected. */
  readonly switchName: string | null;
  readonly nesting: boolean;
  readonly start: boolean;
}

/** An address that stays: an adapter of the VM on an internal switch of the machine that it is in, behind the one NAT network of that. */
export interface AddressWant {
  readonly adapter: AdapterId;
  readonly switchName: string;
  readonly natName: string;
  /** `192.168.100.0/24`; its first address is the gateway. */
  readonly prefix: string;
  /** Set inside, where somebody is signed in; absent: the person sets it there by hand. */
  readonly address?: StaticV4;
}

/** A port of the host and the port of the VM that it leads to. `vmPort` null: it leads to that VM no longer. */
export interface PortWant {
  readonly protocol: Protocol;
  readonly hostPort: number;
  readonly vmPort: number | null;
  /** Where it led, for an undo; absent: where the VM is. */
  readonly address?: string;
}

interface Forward {
  readonly natName: string;
  readonly protocol: Protocol;
  readonly hostPort: number;
  /** `192.168.100.2` */
  readonly address: string;
  readonly vmPort: number;
}

/** What a run can make in a VM or in the machine around it, by kind: what it is called for, and by what Windows gave it. */
interface ThingKinds {
  readonly switch: {
    /** `card`: of the machine, that an external switch is bound to; absent: an internal one. */
    readonly toMake: { readonly name: string; readonly card?: string };
    readonly made: { readonly id: Guid; readonly name: string };
  };
  readonly nat: {
    readonly toMake: { readonly name: string; readonly prefix: string };
    readonly made: { readonly id: string; readonly name: string; readonly prefix: string };
  };
  /** Of the VM of that id: in its chain, whose machine around it is `at`. */
  readonly checkpoint: {
    readonly toMake: { readonly name: string; readonly vm: Guid };
    readonly made: { readonly id: Guid; readonly name: string; readonly vm: Guid };
  };
  readonly address: {
    readonly toMake: {
      readonly address: string;
      readonly prefixLength: number;
      /** The switch whose end in the machine gets it. */
      readonly switchName: string;
    };
    readonly made: {
      /** `192.168.100.1` */
      readonly id: string;
      readonly prefixLength: number;
      /** The adapter that it is on, by GUID and by its name at that time. */
      readonly adapter: Guid;
      readonly name: string;
    };
  };
  /** A host port that the NAT network of that name hands on to an address behind it. */
  readonly mapping: { readonly toMake: Forward; readonly made: { readonly id: string } & Forward };
  readonly disk: {
    readonly toMake: { readonly disk: NewDisk };
    /** By its DiskIdentifier. `fileSize`: as it was made, bytes; null: not known, or as large as what it is a copy of. */
    readonly made: { readonly id: string; readonly path: string; readonly fileSize: number | null };
  };
  readonly vm: {
    readonly toMake: {
      readonly name: string;
      /** bytes */
      readonly memory: number;
      /** Where its disk is. */
      readonly disk: string;
      readonly switchName: string | null;
    };
    readonly made: { readonly id: Guid; readonly name: string };
  };
}
export type ThingKind = keyof ThingKinds;
/** A thing that a step is to make, in the VM of its chain or in the machine around that. */
export type ThingToMake<K extends ThingKind = ThingKind> = {
  [One in K]: { readonly what: One; readonly at: MachineRef } & ThingKinds[One]['toMake'];
}[K];
/** A thing that a run has made. Removed only as exactly this. */
export type Thing<K extends ThingKind = ThingKind> = {
  [One in K]: { readonly what: One; readonly at: MachineRef } & ThingKinds[One]['made'];
}[K];

/** What is asked of an adapter of the VM itself: all else would have to be known from inside. */
interface AdapterWant {
  readonly macSpoofing?: 'On' | 'Off';
}
/** Of an adapter of a VM inside, in the chain of the machine that it is in; or, of the VM itself, where it is connected again. */
export interface NestedAdapterWant {
  /** The name of a switch of the machine that the VM is in, its only one of that name; null: not connected. */
  readonly switch?: string | null;
  /** Inside the VM; needs an account there. */
  readonly address?: StaticV4 | 'dhcp';
  readonly dns?: readonly string[] | 'automatic';
}

/** bytes; a startup above the maximum raises that too, one below the minimum lowers that. */
export interface MemoryWant {
  readonly dynamic?: boolean;
  readonly startup?: number;
  /** Of dynamic memory only. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** What may be asked of a VM. IPC takes exactly this (ipc/schema.ts), and the planner serves all of it. */
export interface VmWant {
  readonly power?: 'running' | 'off';
  /** What to do with a saved state that is in the way: start it and shut down (keeps the work), or drop it (loses it). */
  readonly savedState?: 'resume' | 'drop';
  readonly nesting?: boolean;
  /** A configuration version, `10.0`; only the newest of the host can be had. One-way. */
  readonly version?: string;
  readonly memory?: MemoryWant;
  readonly stopAction?: StopAction;
  readonly automaticCheckpoints?: boolean;
  /** Before anything is changed; where nothing is, none is taken. */
  readonly checkpoint?: true;
  readonly adapters?: Readonly<Record<AdapterId, AdapterWant>>;
  /** Inside the VM; needs an account there. */
  readonly roles?: Readonly<Partial<Record<Role, boolean>>>;
  readonly network?: NetworkWant;
  readonly address?: AddressWant;
  /** Other ports stay as they are. */
  readonly ports?: readonly PortWant[];
}

/** What a page opens with; `choose`: a person chooses the network, or that of an address that stays, there. */
export type Wish = Omit<VmWant, 'network' | 'address'> & {
  readonly network?: NetworkWant | 'choose';
  readonly address?: AddressWant | 'choose';
};

/** What a plan may serve besides, which nobody asks for but an undo. */
export interface PlannedWant extends VmWant {
  /** Adapters of the VMs inside, changed in the same chain: before what they are connected to goes. */
  readonly nested?: Readonly<Record<Guid, Readonly<Record<AdapterId, NestedAdapterWant>>>>;
  /** Its own adapters: the switch they are on, and what their Windows has for them. */
  readonly own?: Readonly<Record<AdapterId, NestedAdapterWant>>;
  /** What a run has made, inside the VM or in the machine around it, and nobody has changed since. */
  readonly remove?: readonly Thing[];
  /** Inside the VM: services as they were. That a role can be used is asked for as the role. */
  readonly services?: Readonly<Partial<Record<GuestService, ServiceWant>>>;
}

/** Services that a role inside cannot be used without. */
export const guestServices = ['vmms', 'vmcompute'] as const;
export type GuestService = (typeof guestServices)[number];
/** In the words of Win32_Service. */
export interface ServiceWant {
  readonly startMode?: 'Auto' | 'Manual' | 'Disabled';
  readonly state?: 'Running' | 'Stopped';
}

export interface VmGoal<Want extends Wish = VmWant> {
  readonly vm: VmRef;
  readonly want: Want;
}
export type PlannedGoal = VmGoal<PlannedWant>;
/** One that goes on with what was begun: the checkpoint was taken before that. */
export function withoutCheckpoint({ want, ...goal }: PlannedGoal): PlannedGoal {
  const { checkpoint: _taken, ...rest } = want;
  return { ...goal, want: rest };
}

/** Names of a VM's catalogued values (change/settings.ts has a row for each). */
export const ownSettings = [
  'power',
  'savedState',
  'version',
  'memory.dynamic',
  'memory.startup',
  'memory.minimum',
  'memory.maximum',
  'nesting',
  'stopAction',
  'automaticCheckpoints',
] as const;
export type OwnSetting = (typeof ownSettings)[number];
/** Of each of its adapters. */
export const adapterSettings = ['macSpoofing', 'switch', 'address', 'dns'] as const;
export type AdapterSetting = (typeof adapterSettings)[number];

/** One value of one VM, as text, so that it can be a key. */
export type ChangePath =
  | `${Guid}/${OwnSetting}`
  | `${Guid}/adapters/${AdapterId}/${AdapterSetting}`
  /** A port of the host: what it leads to. */
  | `${Guid}/ports/${Protocol}/${string}`
  | `${Guid}/roles/${Role}`
  | `${Guid}/services/${GuestService}/${keyof ServiceWant}`
  /** Of a VM inside the VM, in the chain of that. */
  | `${Guid}/${Guid}/adapters/${AdapterId}/${AdapterSetting}`
  /** A thing that a run has made inside the VM, or in the machine that it is in. */
  | `${Guid}/${'made' | 'around'}/${ThingKind}/${string}`;

export interface VmsGoal<Want extends Wish = VmWant> {
  readonly kind: 'vms';
  readonly wants: readonly VmGoal<Want>[];
  readonly consents: readonly Consent[];
}
export type Goal =
  | VmsGoal
  | { readonly kind: 'create'; readonly vm: NewVm; readonly consents: readonly Consent[] }
  /**
   * `also`: values that somebody else changed since and that go back all the same, and checkpoints, which stay unless they are named.
   * `only`: the VMs that go back; absent: all. `checkpoints`: those that the run has taken go, and nothing goes back.
   */
  | {
      readonly kind: 'undo';
      readonly run: RunId;
      readonly also?: readonly { readonly vm: VmRef; readonly path: ChangePath }[];
      readonly only?: readonly VmRef[];
      readonly checkpoints?: true;
      readonly consents: readonly Consent[];
    };
/** What the wizard opens with. */
export type WishedGoal = Goal | VmsGoal<Wish>;
