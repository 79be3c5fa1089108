/** Everything asked of Windows is a call, as data; every answer is rows and failures, never prose. */
import type { VmRef, MachineRef } from './ref.js';
import type { CmdletName, Params, RowOf } from './catalog.js';

/** Lower-case GUID text without braces. */
export type Guid = string;
/** Get-VMNetworkAdapter's Id: `Microsoft:<VM GUID>\<adapter GUID>`. */
export type AdapterId = string;

/** A virtual hard disk: where it is, and its DiskIdentifier as Windows says it. */
interface DiskRef {
  readonly path: string;
  readonly id: string;
}

export type Target =
  /** Get-VM -Id … | cmdlet */
  | { readonly vm: Guid }
  /** Get-VM -Id … | Get-VMNetworkAdapter | Where-Object Id -eq … | cmdlet */
  | { readonly vm: Guid; readonly adapter: AdapterId }
  /** Get-VM -Id … | Get-VMSnapshot | Where-Object Id -eq … | cmdlet */
  | { readonly vm: Guid; readonly checkpoint: Guid }
  /** Of the VM, and of its one DVD drive: Get-VM -Id … | cmdlet -FirstBootDevice (Get-VM -Id … | Get-VMDvdDrive) */
  | { readonly vm: Guid; readonly dvd: true }
  /** Get-VHD -Path … | Where-Object DiskIdentifier -eq … | Where-Object Attached -eq $false | cmdlet -LiteralPath { $_.Path } */
  | { readonly disk: DiskRef }
  /** Get-VMSwitch -Id … | cmdlet */
  | { readonly switch: Guid }
  /** Get-NetNat | Where-Object InstanceID -eq … | cmdlet */
  | { readonly nat: string }
  /** Get-NetNatStaticMapping | Where-Object StaticMappingID -eq … | cmdlet */
  | { readonly mapping: string }
  /** The objects that the call of this index in the same batch has returned. */
  | { readonly call: number };

/** What of a VM a target is, by its id: a read of the VM lists it. undefined: the VM itself, or none of a VM. */
export function partOf(
  on: Target,
): { readonly from: 'Get-VMNetworkAdapter' | 'Get-VMSnapshot'; readonly id: string } | undefined {
  if ('adapter' in on) return { from: 'Get-VMNetworkAdapter', id: on.adapter };
  return 'checkpoint' in on ? { from: 'Get-VMSnapshot', id: on.checkpoint } : undefined;
}

export type HostCall<Name extends CmdletName = CmdletName> = {
  readonly [N in Name]: {
    readonly cmdlet: N;
    readonly params: Params<N>;
    readonly at: MachineRef;
    readonly on?: Target;
  };
}[Name];

export type FailureKind =
  | 'not-found'
  | 'access-denied'
  | 'wrong-state'
  | 'not-supported'
  | 'in-use'
  | 'no-memory'
  /** Of a drive that Windows writes to: nothing of it was left behind. */
  | 'disk-full'
  /** There is a file of that name, which is not written over. */
  | 'exists'
  /** The file is no virtual hard disk that Windows can read, or is not there. */
  | 'bad-disk'
  | 'invalid-argument'
  | 'module-missing'
  | 'module-blocked'
  | 'session-lost'
  /** Another program was connected to the elevated shell before us; it ran nothing and ended. */
  | 'connection-taken'
  | 'timed-out'
  | 'unknown-outcome'
  /** Windows took the change without an error, but the value reads otherwise (MSLab #133). */
  | 'not-taken'
  | 'cancelled'
  /** No account is known for a machine that can only be asked from inside. */
  | 'no-credentials'
  /** The guest did not take the account: one answer of Windows for several causes (domain §5, core/machine/guest-access.ts). */
  | 'credential-refused'
  /** PowerShell Direct found nobody: not booted, not Windows, its service off, or hung. */
  | 'guest-not-answering'
  /** Host and guest are on update levels that do not speak with each other (since 2025-09). */
  | 'updates-differ'
  /** The account got in, and is no administrator there. */
  | 'not-administrator'
  /** What is done could not be written down, as the disk is full or for another reason: nothing was begun. */
  | 'journal-full'
  | 'journal-unwritable'
  /** What came from inside is no answer to what was asked, or far too much of one. */
  | 'guest-answers-wrongly'
  /** Two calls hang in it: nothing more is sent until one of them ends. */
  | 'guest-busy'
  /** Antivirus does not let our script run (AMSI). */
  | 'antivirus'
  | SshFailure
  /** At the address of a host another machine answers than the one that is known: nothing is asked of it. */
  | 'other-machine'
  | 'unexpected';

/** Why a session with a host over SSH was not had, by what ssh itself says (core/machine/ssh-said.ts). */
export type SshFailure =
  /** This PC has no OpenSSH client. */
  | 'ssh-missing'
  /** The person's own ssh config cannot be used. */
  | 'ssh-config'
  | 'host-name-unknown'
  /** Something is there, and nothing listens at the port. */
  | 'host-port-closed'
  | 'host-not-answering'
  /** What listens there does not speak SSH with us. */
  | 'host-not-ssh'
  /** Nobody has accepted its key yet. */
  | 'host-key-new'
  /** ssh does not know the key of a jump host, which is the person's own matter. */
  | 'jump-key-unknown'
  /** Nor is it the one any more that ssh knows. */
  | 'jump-key-changed'
  /** No key that it shows is the one that was accepted: nothing is asked of it. */
  | 'host-key-changed'
  /** The key that was accepted cannot be read any more from its file on this PC: nothing is asked of the host. */
  | 'host-key-lost'
  | 'host-sign-in-refused'
  /** It was refused, and a key file that the person's own ssh config names is missing, or ssh cannot read it. */
  | 'identity-unreadable'
  /** It was refused, and no agent runs here that could have signed. */
  | 'ssh-agent-missing'
  /** The start line came to nothing there. */
  | 'powershell-missing'
  | 'powershell-restricted';

/** What PowerShell said, untouched: shown as "What Windows said", never used to decide by its text. */
export interface ErrorRecord {
  readonly id: string;
  readonly category: string;
  readonly target: string | null;
  readonly exception: string;
  readonly hresult: number | null;
  readonly message: string;
}

/** Decided by error id, category and HRESULT (src/core/cmdlets/failure.ts). */
export interface Failure {
  readonly kind: FailureKind;
  readonly cmdlet?: CmdletName;
  /** The property that could not be read, and on how many objects. */
  readonly property?: string;
  readonly objects?: number;
  readonly record?: ErrorRecord;
  /** Of a shell that is gone, or never came up. */
  readonly shell?: ShellEnd;
}

/** Why a shell is of no use any more: what we did is never told as what it did. */
export interface ShellEnd {
  readonly how:
    /** There is none at that place, or Windows did not start it; `code` says why. */
    | 'not-started'
    /** It wrote nothing at all, or only errors, within the time, and was ended by us. */
    | 'said-nothing'
    | 'only-errors'
    /** What it wrote is not ours, or could not be read, and it was ended by us. */
    | 'not-understood'
    /** It answered nothing any more, and was ended by us. */
    | 'hung'
    /** By itself: with 0, or with `code`. */
    | 'ended'
    | 'failed'
    /** By somebody else, with the signal `code`. */
    | 'killed'
    /** Of an elevated shell only the end of its pipe is seen. */
    | 'disconnected';
  readonly code?: string;
  /** What stood last on its error stream. */
  readonly said?: string;
}

export type CallResult<Name extends CmdletName = CmdletName> =
  | { readonly rows: readonly RowOf<Name>[]; readonly errors: readonly Failure[] }
  | { readonly failed: Failure }
  /** A change without a reply: it may or may not have happened. */
  | { readonly unknown: true; readonly failure: Failure };

export type ModuleState = 'loaded' | 'missing' | 'blocked';

/** Who runs the shell, and what that allows. */
export interface Identity {
  /** `DEV-PC\mei` */
  readonly account: string;
  readonly sid: string;
  /** S-1-5-32-578 in the token / a member of the group by the accounts database (null: not known). */
  readonly inToken: boolean;
  readonly isMember: boolean | null;
  readonly isElevated: boolean;
  /** Administrator by membership, elevated or not (null: not known). */
  readonly isAdministrator: boolean | null;
  /**
   * How Windows elevates an administrator, by its policy TypeOfAdminApprovalMode: 1 as always, 2 Administrator Protection, 0 UAC
   * is off. null: could not be read; absent: not asked.
   */
  readonly approvalMode?: number | null;
}

/** What a shell says of itself before its first call. */
export interface Handshake {
  readonly shellVersion: string;
  readonly edition: string;
  readonly languageMode: string;
  readonly pid: number;
  readonly modules: readonly { readonly name: string; readonly state: ModuleState; readonly record?: ErrorRecord }[];
  /** The execution policy is set for this process: scripts of modules run whatever the policy of the PC says (not of Group Policy). */
  readonly policyLifted?: true;
  readonly identity: Identity | null;
}

/**
 * One interface for the real host, the real engine with simulated modules, and the simulator called directly.
 * A batch of reads runs in one request in the read lane. A batch with a change belongs to one VM (or to the host), runs in
 * that lane in order, and stops at the first error; what was not reached is `failed` with kind `cancelled`.
 * Never rejects for what Windows answers: session loss, deadlines and cancellation are results too.
 */
export interface Host {
  readonly handshake: Handshake;
  call<const Calls extends readonly HostCall[]>(
    calls: Calls,
    signal?: AbortSignal,
  ): Promise<{ [I in keyof Calls]: CallResult<Calls[I]['cmdlet']> }>;
  /** Ends the session that is kept inside this VM, and those in its own VMs through it. */
  closeGuest?(vm: VmRef): void;
  /** A person or a change makes use of it now. An elevated shell that is not used ends itself. */
  used?(): void;
  close(): Promise<void>;
}
