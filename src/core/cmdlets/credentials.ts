/** Accounts inside guests: asked for and kept in main, named by nobody else. */

import type { MachineRef } from './ref.js';
export interface Credential {
  readonly userName: string;
  readonly password: string;
}

/** One for each VM on the way in, the outermost first; undefined when one of them is not known. */
export type CredentialSource = (at: MachineRef) => readonly Credential[] | undefined;
