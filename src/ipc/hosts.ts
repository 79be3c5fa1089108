/** Other PCs: what the window may ask about them. An address and a name are a person's own words; what comes of them is main's to say. */
import { z } from 'zod';
import { isHostText, type HostId } from '../core/cmdlets/ref.js';
import { LONGEST_LABEL, type AddressFault, type HostTest } from '../core/machine/hosts.js';

const host = z.custom<HostId>(isHostText);
/** Checked again where it is used. */
const address = z.string().max(1000);
const hostLabel = z.string().trim().min(1).max(LONGEST_LABEL);
const sha256 = z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/);

export const hostRequests = {
  /** A host that is not known yet; `accepts`: the key that the last test has shown is its own. */
  test: z.strictObject({ address, accepts: sha256.exactOptional() }),
  /** One that is. */
  testKnown: z.strictObject({ host }),
  keys: z.strictObject({ host }),
  /** `sameAs`: a person says which of the hosts of the same computer id it is, renamed or at another address; null: none of them. */
  add: z.strictObject({ address, label: hostLabel, sameAs: host.nullable().exactOptional() }),
  rename: z.strictObject({ host, label: hostLabel }),
  remove: z.strictObject({ host }),
} as const;

export type TestAnswer =
  /** Nobody waited for it any more. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'tested'; readonly test: HostTest }
  | { readonly kind: 'no-address'; readonly fault: AddressFault }
  /** The key is not the one any more that was shown. */
  | { readonly kind: 'other-key' };
export type AddAnswer =
  | { readonly kind: 'added'; readonly host: HostId }
  /** The same computer. `isMoved`: at another address than it is known by. */
  | { readonly kind: 'known'; readonly host: HostId; readonly label: string; readonly isMoved: boolean }
  /** Another name, but the computer id of these: perhaps one of them was renamed. */
  | { readonly kind: 'same-id'; readonly hosts: readonly { readonly id: HostId; readonly label: string }[] }
  /** A change is under way on the host that it is. */
  | { readonly kind: 'busy'; readonly label: string }
  | { readonly kind: 'this-pc' }
  /** Its own name could not be read, and is part of what it is known by. */
  | { readonly kind: 'no-name' }
  /** No test of that address has said which computer it is. */
  | { readonly kind: 'untested' };
/** Nothing was removed: `busy`, a change is under way on it; `refused`, main has seen nobody press anything. */
export type RemoveAnswer = { readonly kind: 'removed' | 'busy' | 'refused' };
