/** Does the network carry? Own address → gateway → DNS → outside, hop by hop; the first that fails is named, with its likeliest cause. */
import type { VmRef } from '../cmdlets/ref.js';
import type { Message } from '../../text/index.js';
import type { Failure } from '../cmdlets/call.js';
import type { Goal } from '../machine/goal.js';

export type HopId = 'own-address' | 'gateway' | 'dns' | 'outside';

export interface Hop {
  readonly id: HopId;
  readonly state: 'waiting' | 'trying' | 'reached' | 'failed' | 'not-tried';
  /** The address or name that was asked. */
  readonly tried?: string;
  readonly milliseconds?: number;
  readonly failure?: Failure;
  /** Of a hop that failed: the likeliest cause, and the goal that mends it. */
  readonly cause?: Message;
  readonly fix?: Goal;
}

export interface Proof {
  /** The machine in which the switch is: L1. */
  readonly at: VmRef;
  /** The nested VM from whose inside it is tried; null: from L1, standing for it. */
  readonly vm: VmRef | null;
  /** The name of the machine that tries. */
  readonly from: string;
  readonly state: 'running' | 'done' | 'stopped';
  /** ISO 8601 */
  readonly startedAt: string;
  readonly hops: readonly Hop[];
}
