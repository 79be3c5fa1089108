/** What main tells the window of one PC. */
import type { Failure, Handshake } from '../core/cmdlets/call.js';
import type { HostId } from '../core/cmdlets/ref.js';
import type { Machine } from '../core/machine/machine.js';
import type { Proof } from '../core/network/proof.js';
import type { Drift } from '../core/run/drift.js';
import type { RunRecord } from '../core/run/record.js';
import type { GuestState, KeptAccount } from './guests.js';

/** What was allowed for this session has ended: nobody used it for ten minutes, or its PowerShell went away. */
export interface Ended {
  readonly why: 'unused' | 'lost';
  /** ISO 8601: when the VMs were read last. */
  readonly asOf: string;
}

/** The session with PowerShell, as far as a person needs to know. */
export type Connection =
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'ready';
      readonly handshake: Handshake;
      /** over the pipe to an elevated shell */ readonly elevated: boolean;
      /** It stands where an elevated one has ended, and may not see the VMs: what is shown of them is as old as this says. */
      readonly ended?: Ended;
    }
  /** Ended by itself; `retryAt` (ISO 8601) or null when the breaker is open and only a click tries again. */
  | {
      readonly kind: 'lost';
      readonly failure: Failure;
      readonly attempts: number;
      readonly retryAt: string | null;
      readonly changing: boolean;
      /** ISO 8601: since when a host has not answered. */
      readonly since?: string;
    };

export type Source =
  | { readonly kind: 'this-pc' }
  /** Another PC, over SSH. */
  | { readonly kind: 'host' }
  | {
      readonly kind: 'simulated';
      readonly scenario: string;
      /** through PowerShell, or the simulator directly */ readonly through: 'powershell' | 'direct';
      /** This PC could be shown too: a person chose to look around. */
      readonly isChosen?: true;
    };

/**
 * Who can write this copy of the app, and so decides what it would run elevated: nobody without rights, its user and every
 * program of theirs, or whoever can write the folder of the source.
 */
export type Installation = 'for-everybody' | 'for-this-user' | 'from-source';

/** What is known of one PC. */
export interface HostState {
  readonly source: Source;
  readonly connection: Connection;
  readonly machine: Machine | null;
  readonly runs: readonly RunRecord[];
  /** Ids of the runs that main is carrying out now: a run without an outcome that is not among them was cut short. */
  readonly running: readonly string[];
  /** By reference. What was never asked for is left out. */
  readonly guests: Readonly<Record<string, GuestState>>;
  readonly accounts: readonly KeptAccount[];
  /** Whether this system can keep a secret for its user. */
  readonly canRemember: boolean;
  readonly proof: Proof | null;
  readonly drifts: readonly Drift[];
  /** The machines cannot be read just now: what is shown is as old as it says. */
  readonly isFailing: boolean;
}

/** Another PC that was added. */
export interface ShownHost {
  readonly id: HostId;
  readonly label: string;
  /** As it was typed. */
  readonly address: string;
}
