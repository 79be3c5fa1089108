/** Going inside a machine, as far as a person needs to know. */
import type { Failure } from '../core/cmdlets/call.js';
import type { VmRef } from '../core/cmdlets/ref.js';
import type { GuestRefusal } from '../core/machine/guest-access.js';

export interface GuestState {
  readonly status: 'closed' | 'opening' | 'open' | 'refused';
  /** Of the account that is known for it; null: none. */
  readonly userName: string | null;
  /** Kept, encrypted, for this user of Windows. */
  readonly remembered: boolean;
  readonly why?: GuestRefusal;
  readonly failure?: Failure;
}
export type EnterResult =
  { readonly kind: 'open' } | { readonly kind: 'refused'; readonly why: GuestRefusal; readonly failure: Failure };

/** An account that is kept: its password never leaves main. */
export interface KeptAccount {
  readonly at: VmRef;
  /** The machine's name when it was kept. */
  readonly machine: string;
  readonly userName: string;
}
